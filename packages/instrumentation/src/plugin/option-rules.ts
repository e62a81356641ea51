/** What each option of the Fastify plugin may be. */
import { LONGEST_TIMEOUT_MS } from '@tsukimi/metrics';
import { consoleMaker } from '../console/console.js';
import { areHistograms, HISTOGRAMS_ALLOWED } from '../histograms.js';
import { METRIC_NAMINGS, type MetricNaming } from '../metric-naming.js';
import type { HttpInstrumentationOptions } from './plugin-options.js';

/** The path decides on other options: without endpoints, there is nothing to serve. */
type Path = string | null;

interface Rule {
  readonly holds: (value: unknown, path: Path) => boolean;
  /** What is allowed, for the error. */
  readonly allowed: string | ((path: Path) => string);
}

const SHORTEST_INTERVAL_MS = 100;
const MOST_IN_FLIGHT = 1_000_000;

const ADDRESSES: Rule = { holds: Array.isArray, allowed: 'a list of addresses and CIDR ranges' };
const BOOLEAN: Rule = { holds: (value) => typeof value === 'boolean', allowed: 'true or false' };

/** In the order in which they are checked. The path and the labels of requests have rules of their own. */
export const OPTION_RULES = {
  registry: {
    holds: (value) => typeof (value as Partial<{ exposeStream: unknown }> | null)?.exposeStream === 'function',
    allowed: 'a MetricsRegistry',
  },
  port: {
    holds: (value, path) => value === null || (path !== null && isInteger(value, 0, 65_535)),
    allowed: (path) => (path === null ? 'null, where path is null' : 'null or an integer from 0 to 65535'),
  },
  maxScrapesInFlight: integer(1, MOST_IN_FLIGHT),
  scrapeTimeoutMs: integer(1, LONGEST_TIMEOUT_MS),
  naming: { holds: (value) => METRIC_NAMINGS.includes(value as MetricNaming), allowed: 'tsukimi, otel or both' },
  histograms: { holds: areHistograms, allowed: HISTOGRAMS_ALLOWED },
  requestContext: {
    holds: (value) => typeof value === 'boolean' || areObservers((value as Partial<{ observers: unknown }> | null)?.observers),
    allowed: 'true, false, or { observers: [...] }',
  },
  processMetrics: BOOLEAN,
  sampleIntervalMs: integer(SHORTEST_INTERVAL_MS, LONGEST_TIMEOUT_MS),
  allowedIps: ADDRESSES,
  trustProxy: ADDRESSES,
  console: {
    holds: (value, path) => value === false || (value === true && path !== null && consoleMaker() !== undefined),
    allowed: allowedConsole,
  },
  profile: { holds: isProfile, allowed: "an object with enabled (true, false or 'auto') and heap (true or false)" },
  allowedHosts: { holds: Array.isArray, allowed: 'a list of host names' },
  exclude: { holds: Array.isArray, allowed: 'a list of patterns for routes' },
  labels: {
    holds: (value) => Array.isArray(value) && value.every((label) => label === 'status_class'),
    allowed: "['status_class'] or []",
  },
  groupStatusCodes: BOOLEAN,
  sizes: BOOLEAN,
} as const satisfies Partial<Record<keyof HttpInstrumentationOptions, Rule>>;

export type RuledOption = keyof typeof OPTION_RULES;

/** Returns what an option must be if it is not; undefined if it is. */
export function violationOf(option: RuledOption, value: unknown, path: Path): string | undefined {
  const { holds, allowed }: Rule = OPTION_RULES[option];
  if (holds(value, path)) return undefined;
  return typeof allowed === 'string' ? allowed : allowed(path);
}

function integer(lowest: number, highest: number): Rule {
  return { holds: (value) => isInteger(value, lowest, highest), allowed: `an integer from ${lowest} to ${highest}` };
}

function isInteger(value: unknown, lowest: number, highest: number): boolean {
  return Number.isInteger(value) && Number(value) >= lowest && Number(value) <= highest;
}

function areObservers(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null);
}

function allowedConsole(path: Path): string {
  if (path === null) return 'false, where path is null';
  return consoleMaker() === undefined ? 'false, unless tsukimi or @tsukimi/console is imported' : 'true or false';
}

function isProfile(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([key, each]) => {
    if (key === 'enabled') return each === 'auto' || typeof each === 'boolean';
    return key === 'heap' && typeof each === 'boolean';
  });
}
