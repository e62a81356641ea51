/** What a registry is made with. */
import type { Clock } from './clock.js';
import { invalidBudget, type MetricError } from './errors.js';
import type { DefaultLabels } from './exposition/default-labels.js';

export interface RegistryOptions {
  /** Labels that every series carries unless it has one of the same name. */
  readonly defaultLabels?: DefaultLabels;
  /** Label sets a metric may have; further ones are recorded together as `__overflow__`. 2000 unless told. */
  readonly maxSeriesPerMetric?: number;
  /** Counters that `recordMetric` makes; what is recorded under further names is refused. `@default 1000` */
  readonly maxRecordedNames?: number;
  /**
   * How long a scrape waits for what a metric's `collect` function returns, in milliseconds from 1 to 2147483647. The scrape then goes on without
   * that metric.
   * @default 5000
   */
  readonly collectTimeoutMs?: number;
  /** Reads the time for durations; the process's monotonic clock unless told, and `process.hrtime` as it is then for `startTimer` and `time`. */
  readonly clock?: Clock;
  /** Hears of what was refused or dropped, once for each metric and reason; a process warning unless told. */
  readonly onError?: (error: MetricError) => void;
}

/** @throws TSK_ERR_METRIC_BUDGET */
export function checkedBudget(option: 'maxSeriesPerMetric' | 'maxRecordedNames', given: number | undefined, usual: number): number {
  const budget = given === undefined ? usual : given;
  if (!Number.isSafeInteger(budget) || budget < 1) throw invalidBudget(option, budget);
  return budget;
}
