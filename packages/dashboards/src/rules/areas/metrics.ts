/** Rules about the metrics themselves: rejected values, dropped series, denied clients. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { increase, type Matcher, type QueriedMetric, select, sumBy } from '../../queries/promql.js';
import type { RuleThresholds } from '../alert-thresholds.js';
import type { AlertRule, RuleArea } from '../rule.js';
import type { AreaContext } from './area-context.js';

const { accessDenied, exporterUp, invalidValues, scrapesRejected, seriesDropped } = CATALOGUE;

/** The rules on metrics. */
export function metricRules({ scope, thresholds }: AreaContext): RuleArea {
  return {
    name: 'metrics',
    recordings: [],
    alerts: [dropped(scope), refused(scope), denied(scope, thresholds), rejected(scope, thresholds), exporterDown(scope)],
  };
}

function dropped(scope: readonly Matcher[]): AlertRule {
  return {
    alert: 'MetricSeriesDropped',
    expr: countedLately(seriesDropped, scope),
    holdsForSeconds: 60,
    severity: 'ticket',
    summary: '{{ $labels.metric }} of {{ $labels.job }} has too many label sets',
    description:
      '{{ $labels.metric }} in {{ $labels.instance }} has reached metrics.max_series_per_metric. Values recorded in the overflow series in the last 15 minutes: about {{ $value | printf "%.0f" }}. First look for a label with an id, an address or a message, and remove it. Raise the limit only if you need that many label sets.',
    reads: [seriesDropped],
  };
}

function refused(scope: readonly Matcher[]): AlertRule {
  return {
    alert: 'MetricValuesRefused',
    expr: countedLately(invalidValues, scope),
    holdsForSeconds: 60,
    severity: 'ticket',
    summary: '{{ $labels.metric }} of {{ $labels.job }} received invalid values',
    description:
      'Values of {{ $labels.metric }} refused in {{ $labels.instance }} in the last 15 minutes: about {{ $value | printf "%.0f" }}. First read the warning in the log, which is written once for each metric. It shows what was received, such as NaN, a negative number for a counter, or an unknown label.',
    reads: [invalidValues],
  };
}

function denied(scope: readonly Matcher[], { deniedIn15Minutes }: RuleThresholds): AlertRule {
  return {
    alert: 'MetricsAccessDenied',
    expr: `${increase(select(accessDenied, ...scope), '15m')} > ${deniedIn15Minutes}`,
    holdsForSeconds: 60,
    severity: 'ticket',
    summary: 'Unauthorized metrics requests on {{ $labels.instance }} of {{ $labels.job }}',
    description: `About {{ $value | printf "%.0f" }} requests for the metrics were denied in the last 15 minutes (allowed: ${deniedIn15Minutes}). First find the address in the log. If it is your Prometheus, add it to metrics.allowed_ips; otherwise, find out why it can reach the port.`,
    reads: [accessDenied],
  };
}

function rejected(scope: readonly Matcher[], { scrapesRejectedIn15Minutes }: RuleThresholds): AlertRule {
  return {
    alert: 'MetricsScrapesRejected',
    expr: `${increase(select(scrapesRejected, ...scope), '15m')} > ${scrapesRejectedIn15Minutes}`,
    holdsForSeconds: 60,
    severity: 'ticket',
    summary: 'Scrapes of {{ $labels.instance }} of {{ $labels.job }} are rejected ({{ $labels.reason }})',
    description: `About {{ $value | printf "%.0f" }} scrapes were rejected or cut off in the last 15 minutes (allowed: ${scrapesRejectedIn15Minutes}), so Prometheus may miss samples. Reason busy: metrics.max_scrapes_in_flight was reached. Reason slow: a client did not read within metrics.scrape_timeout_ms. First find out which clients read the metrics, and how often.`,
    reads: [scrapesRejected],
  };
}

function exporterDown(scope: readonly Matcher[]): AlertRule {
  return {
    alert: 'ExporterDown',
    expr: `max_over_time(${select(exporterUp, ...scope)}[5m]) == 0`,
    holdsForSeconds: 300,
    severity: 'ticket',
    summary: 'The exporter {{ $labels.exporter }} of {{ $labels.instance }} of {{ $labels.job }} reaches nobody',
    description:
      'No push of the exporter {{ $labels.exporter }} was confirmed in the last 5 minutes. What is recorded is kept in memory and sent when a push succeeds, unless the process ends before. First read the line in the log that the exporter has written when it began to fail: it has the cause.',
    reads: [exporterUp],
  };
}

/**
 * Returns the increase of a counter in the last 15 minutes, by metric, if there is any.
 *
 * A series appears with its first event, at 1, which increase() does not see. Therefore, a new series counts with its full value.
 */
function countedLately(counter: QueriedMetric, scope: readonly Matcher[]): string {
  const labels = ['job', 'instance', 'metric'];
  const series = select(counter, ...scope);
  return `${sumBy(labels, increase(series, '15m'))} > 0\nor\n(\n  ${sumBy(labels, series)} > 0\n  unless\n  ${sumBy(labels, `${series} offset 15m`)}\n)`;
}
