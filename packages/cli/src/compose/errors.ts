/** What `tsukimi compose` can't make files from. */
import { describeReceived, describeYamlProblem } from '@tsukimi/core';
import { YAMLError } from 'yaml';
import { CommandError } from '../errors.js';

// What the yaml library says quotes the file, where a password may stand: neither its message nor the error itself is kept.
export const unreadableConfiguration = (path: string, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_COMPOSE_CONFIGURATION',
    `${path} can't be read: ${reasonOf(cause)}. Fix it: the name, port and path of the application come from it.`,
  );

/** A value of the configuration that can't be what it is. */
interface RefusedValue {
  readonly path: string;
  readonly key: string;
  readonly value: unknown;
  readonly allowed: string;
}

export const invalidValue = ({ path, key, value, allowed }: RefusedValue): CommandError =>
  new CommandError(
    'TSK_ERR_CONFIGURATION_VALUE',
    `${key} in ${path} is ${describeReceived(value, { key, isPlain: true })}, which is not ${allowed}. Give it ${allowed}.`,
  );

function reasonOf(cause: unknown): string {
  if (!(cause instanceof YAMLError)) return String((cause as NodeJS.ErrnoException).code ?? 'an alias has no anchor, or repeats too much');
  const line = cause.linePos?.[0].line;
  return `${line === undefined ? '' : `line ${line}: `}${describeYamlProblem(cause).problem}`;
}
