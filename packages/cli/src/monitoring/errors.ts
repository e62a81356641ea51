/** What dashboard, rules and compose can't be asked for. */
import { UsageError } from '../errors.js';

export const optionNeedsOutput = (option: string, command: string): UsageError =>
  new UsageError(
    'TSK_ERR_OUTPUT_MISSING',
    `${option} is about files, and none are written. Add the folder: tsukimi ${command} ${option} -o DIR`,
  );

export const emptyOutput = (command: string): UsageError =>
  new UsageError('TSK_ERR_OUTPUT_EMPTY', `--output is empty. Give the folder to write to, such as tsukimi ${command} -o .`);
