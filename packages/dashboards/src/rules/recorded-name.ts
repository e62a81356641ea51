/** Names of recording rules. */
import type { QueriedMetric } from '../queries/promql.js';

interface RecordedName {
  /** The labels that are kept, from the widest to the narrowest. */
  readonly level: readonly string[];
  readonly metric: QueriedMetric;
  /** The operation: `rate5m`, `failure_ratio_rate5m`. */
  readonly operation: string;
}

/**
 * Returns the name of a recording rule: `job_slo:slo_events:bad_ratio_rate5m`.
 * @see https://prometheus.io/docs/practices/rules/#naming
 */
export function recordedName({ level, metric, operation }: RecordedName): string {
  return `${level.join('_')}:${metric.name.replace(/_total$/, '')}:${operation}`;
}
