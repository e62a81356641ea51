/** What `tsukimi compose` can't make files from. */
import { CommandError } from '../errors.js';

export const unreadableConfiguration = (path: string, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_COMPOSE_CONFIGURATION',
    `${path} can't be read: ${firstLineOf(cause)}. Mend it: the name, port and path of the application come from it.`,
    { cause },
  );

/** A value of the configuration that can't be what it is. */
interface RefusedValue {
  readonly path: string;
  readonly key: string;
  readonly value: unknown;
  readonly allowed: string;
}

export const invalidValue = ({ path, key, value, allowed }: RefusedValue): CommandError =>
  new CommandError('TSK_ERR_COMPOSE_VALUE', `${key} in ${path} is ${JSON.stringify(value)}, which is not ${allowed}. Give it ${allowed}.`);

// The yaml library closes its first line with a colon, and shows the place below.
function firstLineOf(cause: unknown): string {
  const [line = ''] = (cause instanceof Error ? cause.message : String(cause)).split('\n');
  return line.replace(/:$/, '');
}

export const notAProject = (folder: string): CommandError =>
  new CommandError(
    'TSK_ERR_COMPOSE_PROJECT',
    `${folder} has no package.json, so there is no application to put into a container. Run this in the folder of the application, name that folder with -o, or begin a project with: tsukimi init`,
  );
