/** The numbers that alerts compare with, and what they are unless given. */
import { invalidOption } from '../errors.js';
import { nearestOf } from '../nearest-name.js';

/** Every one can be given to `buildRules` as `thresholds: { httpP95Seconds: 0.5 }`. Shares are between 0 and 1. */
export interface RuleThresholds {
  /** Share of a job's requests that may be answered with 5xx. */
  readonly httpFailureRatio: number;
  /** Share of one route's requests that may be answered with 5xx. */
  readonly httpRouteFailureRatio: number;
  /** Seconds within which 95 of 100 requests of a job are to be answered; below 10, the largest bucket. */
  readonly httpP95Seconds: number;
  /** Seconds within which 99 of 100 requests of one route are to be answered; below 10, the largest bucket. */
  readonly httpRouteP99Seconds: number;
  /** Fewer requests than this in 5 minutes say nothing of shares and percentiles: no alert. */
  readonly minimumRequestsIn5Minutes: number;
  /** Requests under way at once in one instance. */
  readonly requestsInFlight: number;
  /** Share of one component method's calls that may throw or reject, which includes errors made for a 4xx answer. */
  readonly componentFailureRatio: number;
  /** Fewer calls of a method than this in 5 minutes: no alert. */
  readonly minimumCallsIn5Minutes: number;
  /** Share of a scheduled task's runs in an hour that may fail. */
  readonly taskFailureRatio: number;
  /** A task that ran at least so often in an hour of yesterday is expected to run in the same hour of today. */
  readonly taskRunsPerHour: number;
  /** Whole seconds that one run of a scheduled task may take. */
  readonly taskRunSeconds: number;
  /** Seconds that 1 of 100 turns of the event loop may be late. */
  readonly eventLoopLagP99Seconds: number;
  /** Share of time that the event loop may be busy. */
  readonly eventLoopUtilizationRatio: number;
  /** Cores that one process may use; JavaScript alone can't use more than 1. */
  readonly cpuCores: number;
  /** How many times its size of six hours ago a process may have. */
  readonly memoryGrowthFactor: number;
  /** Bytes below which a growing process is no matter. */
  readonly memoryGrowthFromBytes: number;
  /** Bytes that V8 gives the heap: what `--max-old-space-size` says, in bytes. */
  readonly heapLimitBytes: number;
  /** Share of that limit that may be in use. */
  readonly heapUsedRatio: number;
  /** Starts of one instance in an hour. */
  readonly startsPerHour: number;
  /** Requests in 15 minutes that the allowlist may turn away. */
  readonly deniedIn15Minutes: number;
  /** Scrapes in 15 minutes that may be rejected or cut off, for each reason. */
  readonly scrapesRejectedIn15Minutes: number;
  /** Events of a service level objective in an alert's long window below which it stays silent; 0, as in the SRE workbook, unless given. */
  readonly sloMinimumEvents: number;
}

export const DEFAULT_THRESHOLDS: RuleThresholds = {
  httpFailureRatio: 0.05,
  httpRouteFailureRatio: 0.25,
  httpP95Seconds: 1,
  httpRouteP99Seconds: 5,
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
  // What takes longer than the largest bucket's bound is told to have taken as long as that: nothing could be above it.
  httpP95Seconds: BELOW_LARGEST_BUCKET,
  httpRouteP99Seconds: BELOW_LARGEST_BUCKET,
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
 * All thresholds: those given, and the defaults for the rest.
 * @throws TSK_ERR_DASHBOARD_OPTION for an unknown name and for a number out of its range
 */
export function checkedThresholds(given: Partial<RuleThresholds> = {}): RuleThresholds {
  for (const [name, value] of Object.entries(given)) checkThreshold(name, value);
  return { ...DEFAULT_THRESHOLDS, ...given };
}

function checkThreshold(name: string, value: unknown): void {
  if (!Object.hasOwn(RANGES, name)) throw invalidOption('a name in thresholds', name, nearestOf(name, Object.keys(RANGES)));
  const { allowed, holds } = RANGES[name as keyof RuleThresholds];
  if (typeof value !== 'number' || !Number.isFinite(value) || !holds(value)) throw invalidOption(`thresholds.${name}`, value, allowed);
}
