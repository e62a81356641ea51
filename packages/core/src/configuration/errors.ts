/** The errors of reading the configuration. */

import { ApplicationError } from '../errors/application-error.js';
import { describeReceived } from '../errors/received.js';
import type { ConfigurationValue } from './configuration.js';

/** The configuration file is not there. */
export function configurationMissing(path: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_CONFIGURATION_MISSING',
    `There is no configuration file at ${path}. Create the file (it can be empty), or pass the option configuration.`,
  );
}

/** The configuration file is there, but cannot be read. */
export function configurationUnreadable(path: string, reason: string, cause: unknown): ApplicationError {
  const fix =
    reason === 'EISDIR' ? 'It is a folder; replace it with a file.' : 'Give the user that runs this program permission to read it.';
  return new ApplicationError('TSK_ERR_CONFIGURATION_UNREADABLE', `The configuration file ${path} cannot be read (${reason}). ${fix}`, {
    cause,
  });
}

/** The configuration file is not valid YAML. The parser's error is not kept as the cause, because it quotes the file. */
export function configurationSyntax({ where, problem, fix }: { where: string; problem: string; fix: string }): ApplicationError {
  return new ApplicationError('TSK_ERR_CONFIGURATION_SYNTAX', `${where}: ${problem}. ${fix}.`);
}

/** A key is ambiguous. */
export function configurationKey(problem: string, fix: string): ApplicationError {
  return new ApplicationError('TSK_ERR_CONFIGURATION_KEY', `${problem}. ${fix}.`);
}

/** A key without a value would remove the value of an earlier source. */
export function configurationEmptied({ key, place, below }: { key: string; place: string; below: string }): ApplicationError {
  return configurationInvalid([
    `${key} is empty (${place}), which would discard the value of ${below}. Write a value, remove the line, or write null if the key allows it.`,
  ]);
}

/** The configuration file does not contain a mapping. */
export function configurationNotMapping(path: string, root: unknown): ApplicationError {
  const seen = Array.isArray(root) ? 'a list' : typeof root;
  return new ApplicationError(
    'TSK_ERR_CONFIGURATION_ROOT',
    `${path} contains ${seen}, not a mapping. Write namespaces with keys below them, such as "server:" and, indented, "port: 8000".`,
  );
}

/** The active profile has no file. */
export function unknownProfile({
  profile,
  file,
  existing,
}: {
  profile: string;
  file: string;
  existing: readonly string[];
}): ApplicationError {
  const known = existing.length === 0 ? 'There are no profiles yet.' : `Profiles that exist: ${existing.join(', ')}.`;
  return new ApplicationError(
    'TSK_ERR_CONFIGURATION_PROFILE',
    `The profile ${JSON.stringify(profile)} has no file ${file}. ${known} Create the file, or set TSUKIMI_PROFILE to another profile.`,
  );
}

/**
 * Creates the error for a configuration value that is not allowed. Extensions can use it for their own checks.
 *
 * @param problem.source the result of `Configuration.placeOf` or `sourceOf`.
 * @param problem.shown whether the value can't be a secret. Numbers, booleans and words like `auto` are then shown; otherwise only type and size.
 * @param problem.allowed the allowed values, without a full stop: `an integer from 0 to 65535`.
 * @param problem.fix a further sentence with the fix.
 */
export function invalidConfigurationValue(problem: {
  readonly key: string;
  readonly value: ConfigurationValue;
  readonly source: string;
  readonly allowed: string;
  readonly fix?: string;
  readonly shown?: boolean;
}): ApplicationError {
  const { key, value, source, allowed, fix, shown } = problem;
  const more = fix === undefined ? '' : ` ${fix}`;
  return configurationInvalid([
    `${key}: ${describeReceived(value, { key, isPlain: shown })} is not allowed (${source}). Allowed: ${allowed}.${more}`,
  ]);
}

/** Several configuration values that are not allowed, with one complete message for each. */
export function configurationInvalid(messages: readonly string[]): ApplicationError {
  return new ApplicationError('TSK_ERR_CONFIGURATION_VALUE', messages.join(' '));
}

interface UnknownKey {
  readonly namespace: string;
  /** `redis.hots` */
  readonly key: string;
  readonly value: unknown;
  readonly source: string;
  /** The most similar known key. */
  readonly meant: string | undefined;
  readonly known: readonly string[];
}

export function unknownKey({ namespace, key, value, source, meant, known }: UnknownKey): ApplicationError {
  const guess = meant === undefined ? '' : ` Did you mean ${namespace}.${meant}?`;
  return configurationInvalid([
    `${key}: ${describeReceived(value, { key, isPlain: typeof value !== 'string' })} is not a key of ${namespace} (${source}).${guess} Allowed: ${known.join(', ')}.`,
  ]);
}
