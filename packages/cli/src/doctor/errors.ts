/** Every error of `tsukimi doctor`: its code, and a function that writes its message. Problems of a project are findings, not errors. */
import { CommandError } from '../errors.js';

export const noFolder = (folder: string, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_DOCTOR_FOLDER',
    `There is no folder ${folder}. Pass the folder of a project, which contains its package.json.`,
    {
      cause,
    },
  );

export const invalidPackage = (file: string): CommandError =>
  new CommandError('TSK_ERR_DOCTOR_PACKAGE_FORM', `${file} does not contain a JSON object. Correct the file; npm can't read it either.`);

export const unreadable = (file: string, cause: NodeJS.ErrnoException): CommandError =>
  new CommandError(
    'TSK_ERR_DOCTOR_UNREADABLE',
    `${file} cannot be read (${cause.code ?? cause.message}). Give the user that runs this command permission to read it.`,
    { cause },
  );
