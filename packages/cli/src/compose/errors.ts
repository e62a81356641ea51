/** What `tsukimi compose` can't make files from. */
import { CommandError } from '../errors.js';

export const unreadableConfiguration = (path: string, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_COMPOSE_CONFIGURATION',
    `${path} can't be read: ${cause instanceof Error ? (cause.message.split('\n')[0] ?? '') : String(cause)}. Mend it: the name, port and path of the application come from it.`,
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
