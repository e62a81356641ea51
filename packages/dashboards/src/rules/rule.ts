/** The types of recording rules and alerts. */
import type { QueriedMetric } from '../queries/promql.js';

/** An expression that Prometheus evaluates at each interval and stores under a new name. */
export interface RecordingRule {
  /** The name, as `level:metric:operations`: the labels that are kept, the metric, and the operations. */
  readonly record: string;
  readonly expr: string;
  /** The metrics that the rule reads. It is only included if all of them are among the families. */
  readonly reads: readonly QueriedMetric[];
}

/** The severity. `page`: a person must act immediately. `ticket`: it can wait until the next working day. */
export type AlertSeverity = 'page' | 'ticket';

/** An expression that fires for every series that it returns. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long the expression must be true before the alert fires, in seconds. */
  readonly holdsForSeconds: number;
  readonly severity: AlertSeverity;
  /** Labels besides `severity` and those of the expression. */
  readonly labels?: Readonly<Record<string, string>>;
  /** One line, as a Prometheus template: what is wrong, and where. */
  readonly summary: string;
  /** A Prometheus template: the values, and the first step. */
  readonly description: string;
  readonly reads: readonly QueriedMetric[];
}

/** Rules of one subject, evaluated one after the other: first the recording rules, then the alerts that read them. */
export interface RuleArea {
  /** `http`: the file is `http.yml`, its group `tsukimi-http`. */
  readonly name: string;
  readonly recordings: readonly RecordingRule[];
  readonly alerts: readonly AlertRule[];
}
