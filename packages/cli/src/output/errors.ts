/** The errors of writing files to a folder. */
import { CommandError, UsageError } from '../errors.js';

export const optionNeedsOutput = (option: string, command: string): UsageError =>
  new UsageError(
    'TSK_ERR_OUTPUT_MISSING',
    `${option} only applies to files, and without -o no files are written. Add a folder: tsukimi ${command} ${option} -o DIR`,
  );

/** @param fix which folder to pass, with an example */
export const emptyFolder = (option: string, fix: string): UsageError =>
  new UsageError('TSK_ERR_OUTPUT_EMPTY', `${option} is empty. ${fix}`);

export const ownMetricsDropped = (dropped: readonly string[]): CommandError =>
  new CommandError(
    'TSK_ERR_OUTPUT_DROPPED',
    `Without --from, the command knows only the catalogue, and these parts from an application would be lost:\n${dropped.map((line) => `  ${line}\n`).join('')}Nothing was written. Add --from with the address of the application or a saved scrape to keep them, or --force to drop them.`,
  );

export const folderIsFile = (folder: string): CommandError =>
  new CommandError('TSK_ERR_OUTPUT_FOLDER', `${folder} is a file, not a folder. Use another folder, or move the file.`);

export const pathIsFolder = (path: string): CommandError =>
  new CommandError('TSK_ERR_OUTPUT_FILE', `${path} is a folder, but the command must write a file there. Move the folder.`);

export const notWritable = (path: string, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_OUTPUT_REFUSED',
    `${path} can't be written (${reasonOf(cause)}), so nothing was written. Choose a folder that you can write to.`,
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
  ENOENT: 'the system does not allow new folders there',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of its path is a file, not a folder',
  EEXIST: 'a part of its path is a file, not a folder',
};

function reasonOf(cause: unknown): string {
  const { code = 'unknown' } = cause as NodeJS.ErrnoException;
  return REASONS[code] ?? code;
}
