/** Every route: how much, how fast, with which answers. */
import { ABORTED_STATUS, CATALOGUE, UNMATCHED_PATH } from '@tsukimi/instrumentation';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import { increase, meanOf, quantileOf, rate, select, shareOf, sumBy, type Window } from '../queries/promql.js';
import { FAILED_STATUS, INSTANCES, ROUTES } from '../queries/scopes.js';
import type { DashboardRow } from './row.js';
import { IN_FLIGHT, MEAN_SECONDS, P95_SECONDS, ROUTE_ERROR_RATE } from './thresholds.js';

const { httpRequests, httpRequestDuration, httpRequestsInFlight, httpStreamDuration, httpStreamsInFlight } = CATALOGUE;

const BY_ROUTE = ['method', 'path'];
const LEGEND = '{{method}} {{path}}';

const requests = select(httpRequests, ...ROUTES);
const failures = select(httpRequests, ...ROUTES, FAILED_STATUS);
const durationOf = (window: Window) => ({ metric: httpRequestDuration, matchers: ROUTES, by: BY_ROUTE, window });
const errorRateOf = (window: Window) =>
  shareOf({ part: sumBy(BY_ROUTE, rate(failures, window)), whole: sumBy(BY_ROUTE, rate(requests, window)) });

export function httpRow(): DashboardRow {
  return {
    title: 'HTTP by route',
    panels: [
      routes(),
      responseTime(),
      requestRate(),
      percentiles(),
      p95(),
      errorRate(),
      statusCodes(),
      inFlight(),
      streams(),
      streamLength(),
    ],
  };
}

function routes() {
  return table({
    title: 'Routes in this time range',
    description: `Every route that had requests in the time range above, the busiest first; the number of requests is Prometheus's estimate from the scrapes. Click a heading to sort: by errors to see what fails, by p95 to see what is slow. Many requests to ${UNMATCHED_PATH} are clients with a wrong address, or somebody who tries doors.`,
    unit: 'none',
    width: 24,
    height: 9,
    labels: { method: 'Method', path: 'Route' },
    columns: [
      { title: 'Requests', expr: sumBy(BY_ROUTE, increase(requests, '$__range')), decimals: 0 },
      { title: 'Errors', expr: errorRateOf('$__range'), unit: 'percentunit', thresholds: ROUTE_ERROR_RATE },
      { title: 'Mean', expr: meanOf(durationOf('$__range')), unit: 's', thresholds: MEAN_SECONDS },
      { title: 'p95', expr: quantileOf(0.95, durationOf('$__range')), unit: 's', thresholds: P95_SECONDS },
    ],
    sortBy: 'Requests',
  });
}

function responseTime() {
  return timeSeries({
    title: 'Response time by route',
    description:
      'Mean response time of each route. One line that rises: look for what that route does alone (its query, its upstream). All lines at once: look at CPU and event-loop lag in the row "System", then at what they share.',
    unit: 's',
    width: 12,
    thresholds: MEAN_SECONDS,
    queries: [{ expr: meanOf(durationOf('$__rate_interval')), legend: LEGEND }],
  });
}

function requestRate() {
  return timeSeries({
    title: 'Request rate by route',
    description:
      'Requests per second of each route. A line that falls to 0 while others go on is a client that stopped or a route that moved; a line that multiplies is often a retry loop: see whether its errors rose first.',
    unit: 'reqps',
    width: 12,
    queries: [{ expr: sumBy(BY_ROUTE, rate(requests)), legend: LEGEND }],
  });
}

function percentiles() {
  const duration = { metric: httpRequestDuration, matchers: ROUTES };
  return timeSeries({
    title: 'Percentiles over time',
    description:
      'What 50, 95 and 99 of 100 requests stay below, over all routes that are picked above. If they spread, few requests are slow: pick routes one by one. If all rise together, the whole process is slow. The last bucket ends at 10 s: a line that lies there means "10 s or more".',
    unit: 's',
    width: 12,
    thresholds: P95_SECONDS,
    queries: [50, 95, 99].map((percent) => ({ expr: quantileOf(percent / 100, duration), legend: `p${percent}` })),
  });
}

function p95() {
  return timeSeries({
    title: 'p95 by route',
    description:
      'What 95 of 100 requests to each route stay below. A slow route at the top is the first to improve; compare it with p95 by method in the row "Components" to see where the time goes. Gaps are times without requests.',
    unit: 's',
    width: 12,
    thresholds: P95_SECONDS,
    queries: [{ expr: quantileOf(0.95, durationOf('$__rate_interval')), legend: LEGEND }],
  });
}

function errorRate() {
  return timeSeries({
    title: 'Error rate by route',
    description:
      'Share of requests to each route that were answered with 5xx. One route: read the log for its path, and see which component fails at that moment. All routes: something they share is down, or a release went wrong.',
    unit: 'percentunit',
    width: 8,
    thresholds: ROUTE_ERROR_RATE,
    queries: [{ expr: errorRateOf('$__rate_interval'), legend: LEGEND }],
  });
}

function statusCodes() {
  return timeSeries({
    title: 'Status codes',
    description: `Requests per second by status. 5xx are failures of this application. A rise of 4xx after a release is often a client that does not know the new contract. ${ABORTED_STATUS} are requests that their clients gave up: if they rise together with the response time, clients run into their time-outs.`,
    unit: 'reqps',
    width: 8,
    stacked: true,
    colors: { '/^2/': 'green', '/^3/': 'blue', '/^4/': 'yellow', '/^5/': 'red' },
    queries: [{ expr: sumBy(['status'], rate(requests)), legend: '{{status}}' }],
  });
}

function inFlight() {
  return timeSeries({
    title: 'Requests in flight',
    description:
      'Requests that have arrived and not yet ended, by instance. A line that only rises is requests that wait for something that does not come: see which component method has calls but no results, and whether an upstream hangs. It must fall back to 0 when traffic ends.',
    unit: 'none',
    width: 8,
    thresholds: IN_FLIGHT,
    queries: [{ expr: select(httpRequestsInFlight, ...INSTANCES), legend: '{{instance}}' }],
  });
}

function streams() {
  return timeSeries({
    title: 'Open streams',
    description:
      'Streams of server-sent events and WebSockets that are open, by instance. They are not among the requests in flight, and how long they last is not in the response times. If all lines fall at once, an instance or a proxy in front of it restarted: expect a rush of clients that connect again.',
    unit: 'none',
    width: 12,
    queries: [{ expr: select(httpStreamsInFlight, ...INSTANCES), legend: '{{instance}} {{kind}}' }],
  });
}

function streamLength() {
  return timeSeries({
    title: 'Length of streams',
    description:
      'How long half of the streams that ended were open, by route. If a line falls to the idle timeout of a proxy, such as 60 s, that proxy cuts streams which are silent: send something more often, or raise its timeout.',
    unit: 's',
    width: 12,
    queries: [{ expr: quantileOf(0.5, { metric: httpStreamDuration, matchers: ROUTES, by: BY_ROUTE }), legend: LEGEND }],
  });
}
