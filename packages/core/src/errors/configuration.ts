/** The errors of reading the configuration. */
import type { ConfigurationValue } from '../configuration/configuration.js';
import { ApplicationError } from './application-error.js';
import { printValue } from './wording.js';

/** The configuration file is not there. */
export function configurationMissing(path: string): ApplicationError {
  return new ApplicationError(
    'TSK_ERR_CONFIGURATION_MISSING',
    `There is no configuration file at ${path}. Create it (an empty file will do), or pass the option configuration.`,
  );
}

/** The configuration file is there, but cannot be read. */
export function configurationUnreadable(path: string, reason: string, cause: unknown): ApplicationError {
  const mend = reason === 'EISDIR' ? 'It is a folder: put a file in its place.' : 'Let the user this program runs as read it.';
  return new ApplicationError('TSK_ERR_CONFIGURATION_UNREADABLE', `The configuration file ${path} cannot be read (${reason}). ${mend}`, {
    cause,
  });
}

/** The configuration file is no YAML. */
export function configurationSyntax(problem: { where: string; problem: string; mend: string; cause: unknown }): ApplicationError {
  // What the parser says to programmers, behind a semicolon, is left out.
  const text = problem.problem
    .replace(/; please use .*$/, '')
    .replace(/\s+/g, ' ')
    .replace(/[.:]?\s*$/, '');
  return new ApplicationError('TSK_ERR_CONFIGURATION_SYNTAX', `${problem.where}: ${text}. ${problem.mend}`, { cause: problem.cause });
}

/** The configuration file holds something else than a mapping. */
export function configurationNotMapping(path: string, root: unknown): ApplicationError {
  const seen = Array.isArray(root) ? 'a list' : typeof root;
  return new ApplicationError(
    'TSK_ERR_CONFIGURATION_ROOT',
    `${path} holds ${seen}, not a mapping. Write namespaces with their keys below them, such as "server:" and, indented, "port: 8000".`,
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
    `The profile ${JSON.stringify(profile)} has no file ${file}. ${known} Create the file, or set TSUKIMI_PROFILE to another.`,
  );
}

/**
 * A configuration value that is not allowed; for extensions' own checks as well.
 *
 * @param problem.source as `Configuration.sourceOf` gives it.
 * @param problem.allowed what would be right, without a full stop: `an integer from 0 to 65535`.
 * @param problem.mend one more sentence, if there is more to say.
 */
export function invalidConfigurationValue(problem: {
  readonly key: string;
  readonly value: ConfigurationValue;
  readonly source: string;
  readonly allowed: string;
  readonly mend?: string;
}): ApplicationError {
  const { key, value, source, allowed, mend } = problem;
  const more = mend === undefined ? '' : ` ${mend}`;
  return configurationInvalid([`${key}: ${printValue(key, value)} is not allowed (${source}). Allowed: ${allowed}.${more}`]);
}

/** Configuration values that are not allowed; each message is a line of its own kind, complete. */
export function configurationInvalid(messages: readonly string[]): ApplicationError {
  return new ApplicationError('TSK_ERR_CONFIGURATION_VALUE', messages.join(' '));
}
