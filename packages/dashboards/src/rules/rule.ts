/** Recording rules and alerts, as the areas describe them. */
import type { QueriedMetric } from '../queries/promql.js';

/** An expression that Prometheus evaluates at each interval, and keeps under a name of its own. */
export interface RecordingRule {
  /** `level:metric:operations`: the labels that are left, the metric, what was done with it. */
  readonly record: string;
  readonly expr: string;
  /** The rule is made where all of them are among the families. */
  readonly reads: readonly QueriedMetric[];
}

/** `page`: somebody gets up for it. `ticket`: it can wait until tomorrow. */
export type AlertSeverity = 'page' | 'ticket';

/** An expression that fires for every series it gives. */
export interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  /** How long the expression must hold before the alert fires. */
  readonly holdsForSeconds: number;
  readonly severity: AlertSeverity;
  /** Labels besides `severity` and those of the expression. */
  readonly labels?: Readonly<Record<string, string>>;
  /** One line, a template of Prometheus's: what is wrong, where. */
  readonly summary: string;
  /** A template: the numbers, and what to do first. */
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
