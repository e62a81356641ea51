/** The errors that dashboard, rules and compose have in common. */
import { describeYamlProblem } from '@tsukimi/core';
import { closest } from 'fastest-levenshtein';
import { YAMLError } from 'yaml';
import { CommandError } from '../errors.js';

export const unreadableSettings = (path: string, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_GENERATE_SETTINGS',
    `${path} can't be read: ${reasonOf(cause)}. Pass a YAML or JSON file with --settings.`,
    // A parser's error is not kept, because it quotes the file.
    isSystemError(cause) ? { cause } : undefined,
  );

export const unknownSetting = (path: string, key: string, known: readonly string[]): CommandError =>
  new CommandError(
    'TSK_ERR_GENERATE_SETTINGS',
    `${path} has ${JSON.stringify(key)}, which is not a setting of the rules. Did you mean ${closest(key, known)}? The settings are ${known.join(', ')}.`,
  );

export const wrongSetting = (path: string, key: string, type: string): CommandError =>
  new CommandError(
    'TSK_ERR_GENERATE_SETTINGS',
    `${key === '' ? 'The content' : key} of ${path} must be of type ${type.replace(',', ' or ')}. See "Settings" in docs/reference/command-line.md.`,
  );

export const unreadableScrape = (path: string, cause: unknown): CommandError =>
  new CommandError(
    'TSK_ERR_GENERATE_SCRAPE',
    `The scrape ${path} can't be read: ${reasonOf(cause)}. Save one with: curl -o ${path} http://127.0.0.1:8000/metrics/prometheus`,
    { cause },
  );

export const emptyScrape = (path: string): CommandError =>
  new CommandError(
    'TSK_ERR_GENERATE_SCRAPE',
    `The scrape ${path} has no metrics. Save one of the running application with: curl -o ${path} http://127.0.0.1:8000/metrics/prometheus`,
  );

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const { code } = cause as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'the file does not exist';
  if (code === 'EISDIR') return 'it is a folder';
  if (cause instanceof YAMLError) return yamlReason(cause);
  return isSystemError(cause) ? String(code) : 'an alias has no anchor, or expands to too much';
}

function yamlReason(problem: YAMLError): string {
  const line = problem.linePos?.[0].line;
  return `${line === undefined ? '' : `line ${line}: `}${describeYamlProblem(problem).problem}`;
}

function isSystemError(cause: unknown): boolean {
  return cause instanceof Error && 'syscall' in cause;
}
