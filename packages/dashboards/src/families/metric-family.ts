/** The description of a metric for dashboards and rules. */

/** The type of a metric. A `stateset` has one series for each state, with the state in a label named like the metric. */
export type MetricFamilyType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'info' | 'stateset';

const TYPES: readonly unknown[] = ['counter', 'gauge', 'histogram', 'summary', 'info', 'stateset'] satisfies MetricFamilyType[];

export function isMetricFamilyType(value: unknown): value is MetricFamilyType {
  return TYPES.includes(value);
}

/** One label set of a family. */
export interface FamilySeries {
  readonly labels: Readonly<Record<string, string>>;
  /** The value when it was read; undefined for histograms and summaries. */
  readonly value: number | undefined;
}

/** A metric with its label names, and its series when it was read. */
export interface MetricFamily {
  /** The name as in queries: `http_requests_total`, `http_request_duration_seconds` without `_bucket`, `application_info`. */
  readonly name: string;
  readonly type: MetricFamilyType;
  /** A description in one sentence; may be empty. */
  readonly help: string;
  /** The names of the labels, without `le` and `quantile`. */
  readonly labelNames: readonly string[];
  /** Upper bounds of a histogram's classic buckets, the smallest first, without `+Inf`; undefined if they are not known. */
  readonly buckets?: readonly number[];
  /** The series; empty if the family comes from the catalogue, or if nothing was recorded yet. */
  readonly series: readonly FamilySeries[];
}
