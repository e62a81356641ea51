/** A metric as dashboards and rules know it, wherever it was read from. */

/** `stateset`: one series for each state, told apart by a label with the metric's own name. */
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

/** A metric with its label names, and the series it had when it was read. */
export interface MetricFamily {
  /** As it is queried: `http_requests_total`, `http_request_duration_seconds` without `_bucket`, `application_info`. */
  readonly name: string;
  readonly type: MetricFamilyType;
  /** One sentence for people; may be empty. */
  readonly help: string;
  /** Without `le` and `quantile`. */
  readonly labelNames: readonly string[];
  /** Empty if the family comes from the catalogue and nothing has run yet. */
  readonly series: readonly FamilySeries[];
}
