/** The row of routes: rates, durations and statuses. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import type { HistogramQueries } from '../queries/histograms.js';
import type { HttpNames } from '../queries/http-names.js';
import { increase, type OverTime, select, shareOf, type Window } from '../queries/promql.js';
import { INSTANCES, ROUTES } from '../queries/scopes.js';
import { IN_FLIGHT, MEAN_SECONDS, P95_SECONDS, ROUTE_ERROR_RATE } from './panel-thresholds.js';
import type { DashboardRow } from './row.js';

const { httpRequestsInFlight, httpRequestSize, httpResponseSize, httpStreamDuration, httpStreamsInFlight } = CATALOGUE;

/** Of the metrics that have the same names with every naming. */
const BY_ROUTE = ['method', 'path'];
const LEGEND = '{{method}} {{path}}';

/** The queries by route, under the names of the application. */
class RouteQueries {
  readonly by: readonly string[];
  readonly legend: string;

  constructor(
    readonly names: HttpNames,
    readonly histograms: HistogramQueries,
  ) {
    this.by = [names.method, names.path];
    this.legend = `{{${names.method}}} {{${names.path}}}`;
  }

  durationOf(window: Window) {
    return { metric: this.names.duration, matchers: this.names.routes, by: this.by, window };
  }

  requestsOf(window: Window, overTime?: OverTime): string {
    return this.names.count({ matchers: this.names.routes, by: this.by, window }, overTime);
  }

  errorRateOf(window: Window): string {
    const { count, routes: matchers, failed } = this.names;
    return shareOf({ part: count({ matchers: [...matchers, failed], by: this.by, window }), whole: this.requestsOf(window) });
  }
}

/** @param hasSizes whether the sizes of bodies are recorded, or nothing is known about it */
export function httpRow(names: HttpNames, histograms: HistogramQueries, hasSizes: boolean): DashboardRow {
  const queries = new RouteQueries(names, histograms);
  return {
    title: 'HTTP by route',
    panels: [
      routes(queries),
      responseTime(queries),
      requestRate(queries),
      percentiles(queries),
      p95(queries),
      errorRate(queries),
      statusCodes(queries),
      inFlight(),
      streams(),
      streamLength(histograms),
      ...(hasSizes ? [bodyBytes(histograms), responseSize(histograms)] : []),
    ],
  };
}

function routes(queries: RouteQueries) {
  const { histograms, names } = queries;
  return table({
    title: 'Routes in this time range',
    description: `Every route with requests in the selected time range, the busiest first. The number of requests is Prometheus's estimate from the scrapes. Click a heading to sort: by errors to find what fails, by p95 to find what is slow. Many requests to ${names.unmatched} come from clients with a wrong URL, or from scanners.`,
    unit: 'none',
    width: 24,
    height: 9,
    labels: { [names.method]: 'Method', [names.path]: 'Route' },
    columns: [
      { title: 'Requests', expr: queries.requestsOf('$__range', increase), decimals: 0 },
      { title: 'Errors', expr: queries.errorRateOf('$__range'), unit: 'percentunit', thresholds: ROUTE_ERROR_RATE },
      { title: 'Mean', expr: histograms.meanOf(queries.durationOf('$__range')), unit: 's', thresholds: MEAN_SECONDS },
      { title: 'p95', expr: histograms.quantileOf(0.95, queries.durationOf('$__range')), unit: 's', thresholds: P95_SECONDS },
    ],
    sortBy: 'Requests',
  });
}

function responseTime(queries: RouteQueries) {
  const { histograms } = queries;
  return timeSeries({
    title: 'Response time by route',
    description:
      'Mean response time of each route. If one line rises, check what only that route uses, such as its query or its upstream server. If all lines rise, check CPU and event-loop lag in the row "System", then what the routes share.',
    unit: 's',
    width: 12,
    thresholds: MEAN_SECONDS,
    queries: [{ expr: histograms.meanOf(queries.durationOf('$__rate_interval')), legend: queries.legend }],
  });
}

function requestRate(queries: RouteQueries) {
  return timeSeries({
    title: 'Request rate by route',
    description:
      'Requests per second of each route. If one line falls to 0, a client stopped or the route moved. A line that multiplies is often a retry loop: check whether its errors rose first.',
    unit: 'reqps',
    width: 12,
    queries: [{ expr: queries.requestsOf('$__rate_interval'), legend: queries.legend }],
  });
}

function percentiles(queries: RouteQueries) {
  const { histograms, names } = queries;
  const duration = { metric: names.duration, matchers: names.routes };
  return timeSeries({
    title: 'Percentiles over time',
    description:
      'The 50th, 95th and 99th percentile over all selected routes. If they move apart, a few requests are slow: select routes one by one. If all rise together, the whole process is slow. Without native histograms, the last bucket ends at 10 s, so a line at 10 s means "10 s or more".',
    unit: 's',
    width: 12,
    thresholds: P95_SECONDS,
    queries: [50, 95, 99].map((percent) => ({ expr: histograms.quantileOf(percent / 100, duration), legend: `p${percent}` })),
  });
}

function p95(queries: RouteQueries) {
  const { histograms } = queries;
  return timeSeries({
    title: 'p95 by route',
    description:
      'The 95th percentile of each route. Improve the slowest route first; compare it with p95 by method in the row "Components" to find out where the time goes. Gaps are times without requests.',
    unit: 's',
    width: 12,
    thresholds: P95_SECONDS,
    queries: [{ expr: histograms.quantileOf(0.95, queries.durationOf('$__rate_interval')), legend: queries.legend }],
  });
}

function errorRate(queries: RouteQueries) {
  return timeSeries({
    title: 'Error rate by route',
    description:
      'Share of requests with a 5xx response, by route. If one route fails, read the log for its path and find the component that fails at that time. If all routes fail, something that they share is down, or a release went wrong.',
    unit: 'percentunit',
    width: 8,
    thresholds: ROUTE_ERROR_RATE,
    queries: [{ expr: queries.errorRateOf('$__rate_interval'), legend: queries.legend }],
  });
}

function statusCodes({ names }: RouteQueries) {
  return timeSeries({
    title: 'Status codes',
    description: `Requests per second by status. 5xx are failures of this application. If 4xx rise after a release, clients often still use the old API. ${names.aborted} are requests that clients aborted: if they rise together with the response time, clients run into their timeouts.`,
    unit: 'reqps',
    width: 8,
    stacked: true,
    colors: { '/^2/': 'green', '/^3/': 'blue', '/^4/': 'yellow', '/^5/': 'red' },
    queries: [{ expr: names.count({ matchers: names.routes, by: [names.status] }), legend: `{{${names.status}}}` }],
  });
}

function inFlight() {
  return timeSeries({
    title: 'Requests in flight',
    description:
      'Requests in progress, by instance. If a line only rises, requests wait for something that does not happen: find the component method with calls that never end, and check whether an upstream server hangs. The value must fall to 0 when traffic ends.',
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
      'Open streams of server-sent events and WebSockets, by instance. They are not included in the requests in flight, nor in the response times. If all lines fall at once, an instance or a proxy before it restarted: expect many clients to reconnect at the same time.',
    unit: 'none',
    width: 12,
    queries: [{ expr: select(httpStreamsInFlight, ...INSTANCES), legend: '{{instance}} {{kind}}' }],
  });
}

function streamLength(histograms: HistogramQueries) {
  return timeSeries({
    title: 'Length of streams',
    description:
      'The median duration of streams that ended, by route. If a line falls to the idle timeout of a proxy, such as 60 s, the proxy closes idle streams: send data more often, or raise the timeout.',
    unit: 's',
    width: 12,
    queries: [{ expr: histograms.quantileOf(0.5, { metric: httpStreamDuration, matchers: ROUTES, by: BY_ROUTE }), legend: LEGEND }],
  });
}

function bodyBytes(histograms: HistogramQueries) {
  return timeSeries({
    title: 'Body bytes per second',
    description:
      'Bytes of bodies that requests bring in and responses send out, per second, without headers. If the bytes out rise faster than the request rate, responses are growing: find the route in the next panel. Recorded only with instrumentation.http.sizes.',
    unit: 'Bps',
    width: 12,
    queries: [
      { expr: histograms.sumOf({ metric: httpRequestSize, matchers: ROUTES }), legend: 'in' },
      { expr: histograms.sumOf({ metric: httpResponseSize, matchers: ROUTES }), legend: 'out' },
    ],
  });
}

function responseSize(histograms: HistogramQueries) {
  return timeSeries({
    title: 'p95 of response sizes by route',
    description:
      'The 95th percentile of the bytes of response bodies, by route. If a line rises, what the route returns is growing with the data: add pagination or compression to the largest first. Recorded only with instrumentation.http.sizes.',
    unit: 'bytes',
    width: 12,
    queries: [{ expr: histograms.quantileOf(0.95, { metric: httpResponseSize, matchers: ROUTES, by: BY_ROUTE }), legend: LEGEND }],
  });
}
