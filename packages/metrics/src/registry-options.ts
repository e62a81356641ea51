/** What a registry is made with. */
import type { Clock } from './clock.js';
import { invalidBudget, type MetricError } from './errors.js';
import type { DefaultLabels } from './exposition/default-labels.js';
import type { HistogramSettings } from './instruments/histogram.js';

export interface RegistryOptions {
  /** Labels that are added to every series that does not have a label of the same name. */
  readonly defaultLabels?: DefaultLabels;
  /**
   * The maximum number of label sets of a metric. Further ones are recorded together as `__overflow__`.
   * @default 2000
   */
  readonly maxSeriesPerMetric?: number;
  /**
   * The maximum number of counters that `recordMetric` creates. Values with further names are rejected.
   * @default 1000
   */
  readonly maxRecordedNames?: number;
  /**
   * How long a scrape waits for a metric's `collect` function, in milliseconds, from 1 to 2147483647. After that time, the scrape continues without
   * the metric.
   * @default 5000
   */
  readonly collectTimeoutMs?: number;
  /**
   * Buckets of histograms by their names, whatever the histograms are created with: Tsukimi's own metrics and yours.
   * @default {}
   */
  readonly histograms?: Readonly<Record<string, HistogramSettings>>;
  /**
   * The clock for durations, in nanoseconds.
   * @default the process's monotonic clock; for `startTimer` and `time`, the current `process.hrtime`
   */
  readonly clock?: Clock;
  /**
   * Called when values were rejected or dropped, once for each metric and reason.
   * @default emits a process warning
   */
  readonly onError?: (error: MetricError) => void;
}

/** @throws TSK_ERR_METRIC_BUDGET */
export function checkedBudget(option: 'maxSeriesPerMetric' | 'maxRecordedNames', given: number | undefined, usual: number): number {
  const budget = given === undefined ? usual : given;
  if (!Number.isSafeInteger(budget) || budget < 1) throw invalidBudget(option, budget);
  return budget;
}
