/** What a command throws; the errors of each command are made by the errors.ts of its folder. */
import { ApplicationError } from '@tsukimi/core/errors';

/** A command could not do what it was asked: what happened, what was received, how to fix it. Exit code 1. */
export class CommandError extends ApplicationError {
  override readonly name: string = 'CommandError';
}

/** The command line asks for nothing that makes sense: nothing was done. Exit code 2. */
export class UsageError extends CommandError {
  override readonly name: string = 'UsageError';
}

/** @param fix what that means for the command, and what to do */
export const projectMissing = (folder: string, fix: string): CommandError =>
  new CommandError('TSK_ERR_CLI_PROJECT_MISSING', `${folder} has no package.json, so ${fix}`);
