/** The error classes of commands. The errors of each command are in its folder. */
import { ApplicationError } from '@tsukimi/core/errors';

/** A command failed: what happened, what was received, and how to fix it. Exit code 1. */
export class CommandError extends ApplicationError {
  override readonly name: string = 'CommandError';
}

/** The command line is invalid, and nothing was done. Exit code 2. */
export class UsageError extends CommandError {
  override readonly name: string = 'UsageError';
}

/** @param fix the consequence for the command, and what to do */
export const projectMissing = (folder: string, fix: string): CommandError =>
  new CommandError('TSK_ERR_CLI_PROJECT_MISSING', `${folder} has no package.json, so ${fix}`);
