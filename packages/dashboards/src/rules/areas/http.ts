/** Rules about requests: rates, failures, durations, requests in flight. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import type { HttpClientNames } from '../../queries/http-client-names.js';
import type { HttpNames } from '../../queries/http-names.js';
import { type Matcher, select, shareOf } from '../../queries/promql.js';
import type { RuleThresholds } from '../alert-thresholds.js';
import { recordedName } from '../recorded-name.js';
import type { AlertRule, RecordingRule, RuleArea } from '../rule.js';
import { percent } from '../wording.js';
import type { AreaContext } from './area-context.js';

const { httpRequestsInFlight } = CATALOGUE;

/** The recorded names, and the labels that they keep. */
class Records {
  readonly job = ['job'] as const;
  readonly route: readonly string[];
  /** A route in an alert's text. */
  readonly routeText: string;

  constructor(
    readonly names: HttpNames,
    readonly thresholds: RuleThresholds,
  ) {
    this.route = ['job', names.method, names.path];
    this.routeText = `{{ $labels.${names.method} }} {{ $labels.${names.path} }}`;
  }

  requestRate(level: readonly string[]): string {
    return recordedName({ level, metric: this.names.requests, operation: 'rate5m' });
  }

  failures(level: readonly string[]): string {
    return recordedName({ level, metric: this.names.requests, operation: 'failure_ratio_rate5m' });
  }

  quantile(level: readonly string[], percentile: number): string {
    return recordedName({ level, metric: this.names.duration, operation: `p${percentile}_rate5m` });
  }

  /** Whether there were requests enough to judge. */
  enough(level: readonly string[]): string {
    return `${this.requestRate(level)} * 300 >= ${this.thresholds.minimumRequestsIn5Minutes}`;
  }
}

/** The rules on requests. */
export function httpRules(context: AreaContext): RuleArea {
  const { scope, thresholds } = context;
  const records = new Records(context.names, thresholds);
  return {
    name: 'http',
    recordings: [records.route, records.job].flatMap((level) => recordings(level, records, context)),
    alerts: [
      jobFails(records),
      routeFails(records),
      jobIsSlow(records),
      routeIsSlow(records),
      requestsPileUp(thresholds, scope),
      hostFails(context.names.client, thresholds, scope),
    ],
  };
}

function recordings(level: readonly string[], records: Records, { scope, histograms }: AreaContext): RecordingRule[] {
  const { requests, duration, failed, count } = records.names;
  const whole = records.requestRate(level);
  return [
    { record: whole, expr: count({ matchers: scope, by: level, window: '5m' }), reads: [requests] },
    {
      record: records.failures(level),
      expr: shareOf({ part: count({ matchers: [...scope, failed], by: level, window: '5m' }), whole }),
      reads: [requests],
    },
    ...[95, 99].map((percentile) => ({
      record: records.quantile(level, percentile),
      expr: histograms.quantileOf(percentile / 100, { metric: duration, matchers: scope, by: level, window: '5m' }),
      reads: [duration],
    })),
  ];
}

function jobFails(records: Records): AlertRule {
  const { names, thresholds } = records;
  return {
    alert: 'HttpFailuresHigh',
    expr: `${records.failures(records.job)} > ${thresholds.httpFailureRatio}\nand\n${records.enough(records.job)}`,
    holdsForSeconds: 300,
    severity: 'page',
    summary: 'Requests to {{ $labels.job }} fail',
    description: `{{ $value | humanizePercentage }} of the requests to {{ $labels.job }} got a 5xx response in the last 5 minutes (allowed: ${percent(thresholds.httpFailureRatio)}). First find out which routes fail, and whether it began with a release; the log has each error with its stack.`,
    reads: [names.requests],
  };
}

function routeFails(records: Records): AlertRule {
  const { names, thresholds } = records;
  return {
    alert: 'HttpRouteFailuresHigh',
    expr: `${records.failures(records.route)} > ${thresholds.httpRouteFailureRatio}\nand\n${records.enough(records.route)}`,
    holdsForSeconds: 600,
    severity: 'ticket',
    summary: `Requests to ${records.routeText} of {{ $labels.job }} fail`,
    description: `{{ $value | humanizePercentage }} of the requests to ${records.routeText} got a 5xx response in the last 5 minutes (allowed: ${percent(thresholds.httpRouteFailureRatio)}). First find out which component method behind the route fails.`,
    reads: [names.requests],
  };
}

function jobIsSlow(records: Records): AlertRule {
  const { names, thresholds } = records;
  return {
    alert: 'HttpLatencyHigh',
    expr: `${records.quantile(records.job, 95)} > ${thresholds.httpP95Seconds}\nand\n${records.enough(records.job)}`,
    holdsForSeconds: 600,
    severity: 'page',
    summary: '{{ $labels.job }} answers slowly',
    description: `5% of the requests to {{ $labels.job }} took longer than {{ $value | humanizeDuration }} in the last 5 minutes (allowed: ${thresholds.httpP95Seconds}s). First find out which routes are slow, then which component method behind them is slow, and whether the event loop lags.`,
    reads: [names.duration, names.requests],
  };
}

function routeIsSlow(records: Records): AlertRule {
  const { names, thresholds } = records;
  return {
    alert: 'HttpRouteLatencyHigh',
    expr: `${records.quantile(records.route, 99)} > ${thresholds.httpRouteP99Seconds}\nand\n${records.enough(records.route)}`,
    holdsForSeconds: 900,
    severity: 'ticket',
    summary: `${records.routeText} of {{ $labels.job }} answers slowly`,
    description: `1% of the requests to ${records.routeText} took longer than {{ $value | humanizeDuration }} in the last 5 minutes (allowed: ${thresholds.httpRouteP99Seconds}s). First find out which component method behind the route takes the time.`,
    reads: [names.duration, names.requests],
  };
}

function requestsPileUp(thresholds: RuleThresholds, scope: readonly Matcher[]): AlertRule {
  return {
    alert: 'HttpInFlightHigh',
    expr: `avg_over_time(${select(httpRequestsInFlight, ...scope)}[5m]) > ${thresholds.requestsInFlight}`,
    holdsForSeconds: 600,
    severity: 'ticket',
    summary: 'Requests pile up in {{ $labels.instance }} of {{ $labels.job }}',
    description: `{{ $value | humanize }} requests were in progress at the same time in the last 5 minutes (allowed: ${thresholds.requestsInFlight}). First find out what they wait for: check the slowest component methods and the event-loop lag. Then add instances.`,
    reads: [httpRequestsInFlight],
  };
}

function hostFails(
  client: HttpClientNames,
  { httpHostFailureRatio, minimumRequestsIn5Minutes }: RuleThresholds,
  scope: readonly Matcher[],
): AlertRule {
  const level = ['job', client.host];
  const host = `{{ $labels.${client.host} }}`;
  const requests = client.count({ matchers: scope, by: level, window: '5m' });
  const failed = client.count({ matchers: [...scope, client.failed], by: level, window: '5m' });
  return {
    alert: 'HttpClientFailuresHigh',
    expr: `${shareOf({ part: failed, whole: requests })} > ${httpHostFailureRatio}\nand\n${requests} * 300 >= ${minimumRequestsIn5Minutes}`,
    holdsForSeconds: 600,
    severity: 'ticket',
    summary: `Requests of {{ $labels.job }} to ${host} fail`,
    description: `{{ $value | humanizePercentage }} of the outgoing requests to ${host} got a 5xx response or no complete response in the last 5 minutes (allowed: ${percent(httpHostFailureRatio)}). First find out which status they have: 5xx is a fault of that host, refused and dns mean that it can't be reached, timeout that it is too slow.`,
    reads: [client.requests],
  };
}
