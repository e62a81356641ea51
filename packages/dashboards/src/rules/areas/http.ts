/** Rules about requests: rates, failures, durations, requests in flight. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { type Matcher, rate, select, shareOf, sumBy } from '../../queries/promql.js';
import { FAILED_CALL, FAILED_STATUS } from '../../queries/scopes.js';
import type { RuleThresholds } from '../alert-thresholds.js';
import { recordedName } from '../recorded-name.js';
import type { AlertRule, RecordingRule, RuleArea } from '../rule.js';
import { percent } from '../wording.js';
import type { AreaContext } from './area-context.js';

const { httpClientRequests, httpRequests, httpRequestDuration, httpRequestsInFlight } = CATALOGUE;

const JOB = ['job'];
const ROUTE = ['job', 'method', 'path'];

const requestRate = (level: readonly string[]) => recordedName({ level, metric: httpRequests, operation: 'rate5m' });
const failures = (level: readonly string[]) => recordedName({ level, metric: httpRequests, operation: 'failure_ratio_rate5m' });
const quantile = (level: readonly string[], percentile: number) =>
  recordedName({ level, metric: httpRequestDuration, operation: `p${percentile}_rate5m` });

/** The rules on requests. */
export function httpRules(context: AreaContext): RuleArea {
  const { scope, thresholds } = context;
  return {
    name: 'http',
    recordings: [ROUTE, JOB].flatMap((level) => recordings(level, context)),
    alerts: [
      jobFails(thresholds),
      routeFails(thresholds),
      jobIsSlow(thresholds),
      routeIsSlow(thresholds),
      requestsPileUp(thresholds, scope),
      hostFails(thresholds, scope),
    ],
  };
}

function recordings(level: readonly string[], { scope, histograms }: AreaContext): RecordingRule[] {
  return [
    { record: requestRate(level), expr: sumBy(level, rate(select(httpRequests, ...scope), '5m')), reads: [httpRequests] },
    {
      record: failures(level),
      expr: shareOf({ part: sumBy(level, rate(select(httpRequests, ...scope, FAILED_STATUS), '5m')), whole: requestRate(level) }),
      reads: [httpRequests],
    },
    ...[95, 99].map((percentile) => ({
      record: quantile(level, percentile),
      expr: histograms.quantileOf(percentile / 100, { metric: httpRequestDuration, matchers: scope, by: level, window: '5m' }),
      reads: [httpRequestDuration],
    })),
  ];
}

function jobFails(thresholds: RuleThresholds): AlertRule {
  return {
    alert: 'HttpFailuresHigh',
    expr: `${failures(JOB)} > ${thresholds.httpFailureRatio}\nand\n${enough(JOB, thresholds)}`,
    holdsForSeconds: 300,
    severity: 'page',
    summary: 'Requests to {{ $labels.job }} fail',
    description: `{{ $value | humanizePercentage }} of the requests to {{ $labels.job }} got a 5xx response in the last 5 minutes (allowed: ${percent(thresholds.httpFailureRatio)}). First find out which routes fail, and whether it began with a release; the log has each error with its stack.`,
    reads: [httpRequests],
  };
}

function routeFails(thresholds: RuleThresholds): AlertRule {
  return {
    alert: 'HttpRouteFailuresHigh',
    expr: `${failures(ROUTE)} > ${thresholds.httpRouteFailureRatio}\nand\n${enough(ROUTE, thresholds)}`,
    holdsForSeconds: 600,
    severity: 'ticket',
    summary: 'Requests to {{ $labels.method }} {{ $labels.path }} of {{ $labels.job }} fail',
    description: `{{ $value | humanizePercentage }} of the requests to {{ $labels.method }} {{ $labels.path }} got a 5xx response in the last 5 minutes (allowed: ${percent(thresholds.httpRouteFailureRatio)}). First find out which component method behind the route fails.`,
    reads: [httpRequests],
  };
}

function jobIsSlow(thresholds: RuleThresholds): AlertRule {
  return {
    alert: 'HttpLatencyHigh',
    expr: `${quantile(JOB, 95)} > ${thresholds.httpP95Seconds}\nand\n${enough(JOB, thresholds)}`,
    holdsForSeconds: 600,
    severity: 'page',
    summary: '{{ $labels.job }} answers slowly',
    description: `5% of the requests to {{ $labels.job }} took longer than {{ $value | humanizeDuration }} in the last 5 minutes (allowed: ${thresholds.httpP95Seconds}s). First find out which routes are slow, then which component method behind them is slow, and whether the event loop lags.`,
    reads: [httpRequestDuration, httpRequests],
  };
}

function routeIsSlow(thresholds: RuleThresholds): AlertRule {
  return {
    alert: 'HttpRouteLatencyHigh',
    expr: `${quantile(ROUTE, 99)} > ${thresholds.httpRouteP99Seconds}\nand\n${enough(ROUTE, thresholds)}`,
    holdsForSeconds: 900,
    severity: 'ticket',
    summary: '{{ $labels.method }} {{ $labels.path }} of {{ $labels.job }} answers slowly',
    description: `1% of the requests to {{ $labels.method }} {{ $labels.path }} took longer than {{ $value | humanizeDuration }} in the last 5 minutes (allowed: ${thresholds.httpRouteP99Seconds}s). First find out which component method behind the route takes the time.`,
    reads: [httpRequestDuration, httpRequests],
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

function hostFails({ httpHostFailureRatio, minimumRequestsIn5Minutes }: RuleThresholds, scope: readonly Matcher[]): AlertRule {
  const level = ['job', 'host'];
  const requests = sumBy(level, rate(select(httpClientRequests, ...scope), '5m'));
  const failed = sumBy(level, rate(select(httpClientRequests, ...scope, FAILED_CALL), '5m'));
  return {
    alert: 'HttpClientFailuresHigh',
    expr: `${shareOf({ part: failed, whole: requests })} > ${httpHostFailureRatio}\nand\n${requests} * 300 >= ${minimumRequestsIn5Minutes}`,
    holdsForSeconds: 600,
    severity: 'ticket',
    summary: 'Requests of {{ $labels.job }} to {{ $labels.host }} fail',
    description: `{{ $value | humanizePercentage }} of the outgoing requests to {{ $labels.host }} got a 5xx response or no complete response in the last 5 minutes (allowed: ${percent(httpHostFailureRatio)}). First find out which status they have: 5xx is a fault of that host, refused and dns mean that it can't be reached, timeout that it is too slow.`,
    reads: [httpClientRequests],
  };
}

function enough(level: readonly string[], { minimumRequestsIn5Minutes }: RuleThresholds): string {
  return `${requestRate(level)} * 300 >= ${minimumRequestsIn5Minutes}`;
}
