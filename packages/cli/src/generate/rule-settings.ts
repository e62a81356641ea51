/** Reads the file of `--settings`, and merges it with the options of the command line. */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { RuleOptions } from '@tsukimi/dashboards';
import { Ajv, type ErrorObject } from 'ajv';
import { parseDocument } from 'yaml';
import type { CommandContext } from '../command-context.js';
import { unknownSetting, unreadableSettings, wrongSetting } from './errors.js';
import type { RuleFlags } from './rule-options.js';

/** What the rules are made with. */
export type RuleSettings = Pick<RuleOptions, 'jobs' | 'without' | 'thresholds' | 'runbook'>;

const TEXTS = { type: 'array', items: { type: 'string' } };
const SETTINGS = {
  jobs: TEXTS,
  without: TEXTS,
  // The package that builds the rules checks names and ranges.
  thresholds: { type: 'object', additionalProperties: { type: 'number' } },
  runbook: { type: 'string' },
};
const SCHEMA = { type: ['object', 'null'], additionalProperties: false, properties: SETTINGS };

/**
 * Returns the settings of the file and the command line. Names of both are used; thresholds and the runbook of the command line override the file.
 * @throws CommandError `TSK_ERR_GENERATE_SETTINGS`
 */
export async function ruleSettings(
  { workingDirectory }: CommandContext,
  { settings: file, without, threshold, runbook }: RuleFlags,
  jobs: readonly string[],
): Promise<RuleSettings> {
  const read: RuleSettings = file === undefined ? {} : await readSettings(resolve(workingDirectory, file));
  const page = runbook ?? read.runbook;
  return {
    jobs: jobs.length > 0 ? jobs : (read.jobs ?? []),
    without: [...(read.without ?? []), ...without],
    thresholds: { ...read.thresholds, ...Object.fromEntries(threshold) },
    ...(page !== undefined && { runbook: page }),
  };
}

async function readSettings(path: string): Promise<RuleSettings> {
  let content: unknown;
  try {
    content = contentOf(await readFile(path, 'utf8'));
  } catch (cause) {
    throw unreadableSettings(path, cause);
  }
  const validate = new Ajv({ allowUnionTypes: true }).compile(SCHEMA);
  if (!validate(content)) throw refusal(path, validate.errors?.[0]);
  return (content ?? {}) as RuleSettings;
}

/** A warning of the parser means that something would be lost, such as an unknown tag. */
function contentOf(text: string): unknown {
  const document = parseDocument(text, { logLevel: 'silent' });
  const [problem] = [...document.errors, ...document.warnings];
  if (problem !== undefined) throw problem;
  return document.toJS();
}

function refusal(path: string, error: ErrorObject | undefined) {
  const key = error?.instancePath.slice(1).replaceAll('/', '.') ?? '';
  const { additionalProperty: unknown, type } = (error?.params ?? {}) as { additionalProperty?: string; type?: string | string[] };
  if (unknown !== undefined) return unknownSetting(path, unknown, Object.keys(SETTINGS));
  return wrongSetting(path, key, String(type));
}
