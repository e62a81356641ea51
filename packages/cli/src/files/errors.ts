/** What can be wrong with the folder that files are written to. */
import { CommandError } from '../errors.js';

export const folderIsFile = (folder: string): CommandError =>
  new CommandError('TSK_ERR_OUTPUT_FOLDER', `${folder} is a file, not a folder. Name another folder, or move the file away.`);

export const pathIsFolder = (path: string): CommandError =>
  new CommandError('TSK_ERR_OUTPUT_FILE', `${path} is a folder, where a file is to be written. Move the folder away.`);

export const notWritable = (path: string, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_OUTPUT_REFUSED',
    `${path} can't be written (${reasonOf(cause)}), so nothing was. Choose a folder that you may write to.`,
    { cause },
  );

export const filesInTheWay = (folder: string, paths: readonly string[]): CommandError =>
  new CommandError(
    'TSK_ERR_OUTPUT_IN_THE_WAY',
    `These files in ${folder} would be overwritten, so nothing was written:\n${paths.map((path) => `  ${path}\n`).join('')}Choose another folder, or add --force to overwrite exactly these.`,
  );

const REASONS: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOENT: 'the system lets no folder be made there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'a part of its path is a file, not a folder',
};

function reasonOf(cause: unknown): string {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  return REASONS[code] ?? code;
}
