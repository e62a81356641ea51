/** The thresholds of alerts, with their defaults. */
import { invalidOption } from '../errors.js';
import { nearestOf } from '../nearest-name.js';
import type { HistogramKind } from '../queries/histograms.js';

/** The thresholds of alerts. Pass any of them to `buildRules` as `thresholds: { httpP95Seconds: 0.5 }`. Ratios are between 0 and 1. */
export interface RuleThresholds {
  /** Maximum share of a job's requests with a 5xx response. */
  readonly httpFailureRatio: number;
  /** Maximum share of one route's requests with a 5xx response. */
  readonly httpRouteFailureRatio: number;
  /** Maximum 95th percentile of a job's response time, in seconds; less than 10, the largest bucket, unless `histograms` is `native`. */
  readonly httpP95Seconds: number;
  /** Maximum 99th percentile of one route's response time, in seconds; less than 10, the largest bucket, unless `histograms` is `native`. */
  readonly httpRouteP99Seconds: number;
  /** Maximum share of the outgoing requests to one host that fail: with a 5xx response, or without a complete one. */
  readonly httpHostFailureRatio: number;
  /** Minimum number of requests in 5 minutes for alerts on shares and percentiles. */
  readonly minimumRequestsIn5Minutes: number;
  /** Maximum number of requests in flight in one instance. */
  readonly requestsInFlight: number;
  /** Maximum share of one component method's calls that throw or reject, including errors for 4xx responses. */
  readonly componentFailureRatio: number;
  /** Minimum number of calls of a method in 5 minutes for an alert. */
  readonly minimumCallsIn5Minutes: number;
  /** Maximum share of a scheduled task's runs in an hour that fail. */
  readonly taskFailureRatio: number;
  /** Minimum number of runs of a task in an hour of yesterday for an alert if it does not run in the same hour of today. */
  readonly taskRunsPerHour: number;
  /** Maximum duration of a run of a scheduled task, in whole seconds. */
  readonly taskRunSeconds: number;
  /** Maximum 99th percentile of the event-loop lag, in seconds. */
  readonly eventLoopLagP99Seconds: number;
  /** Share of time that the event loop may be busy. */
  readonly eventLoopUtilizationRatio: number;
  /** Maximum number of cores that one process uses. JavaScript alone can't use more than 1. */
  readonly cpuCores: number;
  /** Maximum growth of a process's memory in six hours, as a factor. */
  readonly memoryGrowthFactor: number;
  /** Minimum memory, in bytes, for an alert on growth. */
  readonly memoryGrowthFromBytes: number;
  /** The limit of V8's heap, in bytes: the value of `--max-old-space-size`, which is in mebibytes. */
  readonly heapLimitBytes: number;
  /** Maximum share of the heap limit that is in use. */
  readonly heapUsedRatio: number;
  /** Maximum number of starts of one instance in an hour. */
  readonly startsPerHour: number;
  /** Maximum number of requests in 15 minutes that the allowlist denies. */
  readonly deniedIn15Minutes: number;
  /** Maximum number of scrapes in 15 minutes that are rejected or cut off, for each reason. */
  readonly scrapesRejectedIn15Minutes: number;
  /**
   * Minimum number of events of a service level objective in an alert's long window for the alert to fire.
   * @default 0, as in the SRE workbook
   */
  readonly sloMinimumEvents: number;
}

export const DEFAULT_THRESHOLDS: RuleThresholds = {
  httpFailureRatio: 0.05,
  httpRouteFailureRatio: 0.25,
  httpP95Seconds: 1,
  httpRouteP99Seconds: 5,
  httpHostFailureRatio: 0.25,
  minimumRequestsIn5Minutes: 30,
  requestsInFlight: 100,
  componentFailureRatio: 0.5,
  minimumCallsIn5Minutes: 30,
  taskFailureRatio: 0.1,
  taskRunsPerHour: 2,
  taskRunSeconds: 3600,
  eventLoopLagP99Seconds: 0.25,
  eventLoopUtilizationRatio: 0.9,
  cpuCores: 0.9,
  memoryGrowthFactor: 1.5,
  memoryGrowthFromBytes: 256 * 1024 ** 2,
  heapLimitBytes: 2 * 1024 ** 3,
  heapUsedRatio: 0.9,
  startsPerHour: 3,
  deniedIn15Minutes: 10,
  scrapesRejectedIn15Minutes: 10,
  sloMinimumEvents: 0,
};

interface Range {
  readonly allowed: string;
  readonly holds: (value: number) => boolean;
}

const POSITIVE: Range = { allowed: 'a number above 0', holds: (value) => value > 0 };
const SHARE: Range = { allowed: 'a share between 0 and 1', holds: (value) => value > 0 && value < 1 };
const BELOW_LARGEST_BUCKET: Range = { allowed: 'a number of seconds above 0 and below 10', holds: (value) => value > 0 && value < 10 };
const WHOLE_SECONDS: Range = { allowed: 'a whole number of seconds above 0', holds: (value) => Number.isInteger(value) && value >= 1 };
const NOT_NEGATIVE: Range = { allowed: '0 or a positive number', holds: (value) => value >= 0 };

const RANGES: Readonly<Record<keyof RuleThresholds, Range>> = {
  httpFailureRatio: SHARE,
  httpRouteFailureRatio: SHARE,
  // Percentiles never exceed the bound of the largest bucket, so an alert above it could never fire.
  httpP95Seconds: BELOW_LARGEST_BUCKET,
  httpRouteP99Seconds: BELOW_LARGEST_BUCKET,
  httpHostFailureRatio: SHARE,
  minimumRequestsIn5Minutes: NOT_NEGATIVE,
  requestsInFlight: POSITIVE,
  componentFailureRatio: SHARE,
  minimumCallsIn5Minutes: NOT_NEGATIVE,
  taskFailureRatio: SHARE,
  taskRunsPerHour: POSITIVE,
  taskRunSeconds: WHOLE_SECONDS,
  eventLoopLagP99Seconds: POSITIVE,
  eventLoopUtilizationRatio: SHARE,
  cpuCores: POSITIVE,
  memoryGrowthFactor: { allowed: 'a number above 1', holds: (value) => value > 1 },
  memoryGrowthFromBytes: NOT_NEGATIVE,
  heapLimitBytes: POSITIVE,
  heapUsedRatio: SHARE,
  startsPerHour: POSITIVE,
  deniedIn15Minutes: NOT_NEGATIVE,
  scrapesRejectedIn15Minutes: NOT_NEGATIVE,
  sloMinimumEvents: NOT_NEGATIVE,
};

/**
 * Returns all thresholds: the given ones, and the defaults for the rest.
 * @throws TSK_ERR_DASHBOARD_OPTION for an unknown name and for a number out of its range
 */
export function checkedThresholds(given: Partial<RuleThresholds> = {}, histograms: HistogramKind = 'both'): RuleThresholds {
  for (const [name, value] of Object.entries(given)) checkThreshold(name, value, histograms);
  return { ...DEFAULT_THRESHOLDS, ...given };
}

function checkThreshold(name: string, value: unknown, histograms: HistogramKind): void {
  if (!Object.hasOwn(RANGES, name)) throw invalidOption('a name in thresholds', name, nearestOf(name, Object.keys(RANGES)));
  const range = RANGES[name as keyof RuleThresholds];
  // Native histograms have no largest bucket.
  const { allowed, holds } = range === BELOW_LARGEST_BUCKET && histograms === 'native' ? POSITIVE : range;
  if (typeof value !== 'number' || !Number.isFinite(value) || !holds(value)) throw invalidOption(`thresholds.${name}`, value, allowed);
}
