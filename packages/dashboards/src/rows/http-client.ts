/** The row of outgoing HTTP requests: by host, with failures and durations. */
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import type { HistogramQueries } from '../queries/histograms.js';
import type { HttpClientNames } from '../queries/http-client-names.js';
import { increase, type OverTime, shareOf, type Window } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';
import { HOST_FAILURE_RATE } from './panel-thresholds.js';
import type { DashboardRow } from './row.js';

/** The queries by host, under the names of the application. */
class HostQueries {
  readonly by: readonly string[];
  readonly legend: string;

  constructor(
    readonly names: HttpClientNames,
    readonly histograms: HistogramQueries,
  ) {
    this.by = [names.host];
    this.legend = `{{${names.host}}}`;
  }

  durationOf(window: Window) {
    return { metric: this.names.duration, matchers: INSTANCES, by: this.by, window };
  }

  requestsOf(window: Window, overTime?: OverTime): string {
    return this.names.count({ matchers: INSTANCES, by: this.by, window }, overTime);
  }

  failureRateOf(window: Window): string {
    const { count, failed } = this.names;
    return shareOf({ part: count({ matchers: [...INSTANCES, failed], by: this.by, window }), whole: this.requestsOf(window) });
  }
}

export function httpClientRow(names: HttpClientNames, histograms: HistogramQueries): DashboardRow {
  const queries = new HostQueries(names, histograms);
  return {
    title: 'Outgoing HTTP',
    panels: [hosts(queries), requestRate(queries), failureRate(queries), durations(queries), statuses(queries)],
  };
}

function hosts(queries: HostQueries) {
  const { histograms, names } = queries;
  return table({
    title: 'Called hosts in this time range',
    description:
      "Every host that the application called, the one that was called most first. Counts are Prometheus's estimates from the scrapes. Click a heading to sort: by failures to find the host that breaks requests, by p95 to find the one that slows them down. Hosts without a name in instrumentation.http_client.hosts are together in <other>.",
    unit: 'none',
    width: 24,
    height: 8,
    labels: { [names.host]: 'Host' },
    columns: [
      { title: 'Requests', expr: queries.requestsOf('$__range', increase), decimals: 0 },
      { title: 'Failures', expr: queries.failureRateOf('$__range'), unit: 'percentunit', thresholds: HOST_FAILURE_RATE },
      { title: 'Mean', expr: histograms.meanOf(queries.durationOf('$__range')), unit: 's' },
      { title: 'p95', expr: histograms.quantileOf(0.95, queries.durationOf('$__range')), unit: 's' },
    ],
    sortBy: 'Requests',
  });
}

function requestRate(queries: HostQueries) {
  return timeSeries({
    title: 'Outgoing requests by host',
    description:
      'Outgoing requests per second, by host; each retry and each hop of a redirect is one. If a line rises faster than the requests to this application, look for calls in loops, for a cache that no longer works, or for retries: compare it with the failures.',
    unit: 'reqps',
    width: 12,
    queries: [{ expr: queries.requestsOf('$__rate_interval'), legend: queries.legend }],
  });
}

function failureRate(queries: HostQueries) {
  return timeSeries({
    title: 'Failed outgoing requests by host',
    description:
      'Share of outgoing requests that got a 5xx response, or no complete response: timeout, refused, dns, reset, other. Requests that the application itself has aborted are no failures. If one host fails, look at its status page; if all fail at the same time, look at the network, the proxy and DNS.',
    unit: 'percentunit',
    width: 12,
    thresholds: HOST_FAILURE_RATE,
    queries: [{ expr: queries.failureRateOf('$__rate_interval'), legend: queries.legend }],
  });
}

function durations(queries: HostQueries) {
  return timeSeries({
    title: 'Duration of outgoing requests (p95)',
    description:
      'The 95th percentile of outgoing requests by host, to the last byte of the response. If a line rises together with the response time of this application, that host slows it down: set a timeout below the one of your own clients. A line at a round value, such as 5 s, is often a timeout.',
    unit: 's',
    width: 12,
    queries: [{ expr: queries.histograms.quantileOf(0.95, queries.durationOf('$__rate_interval')), legend: queries.legend }],
  });
}

function statuses({ names }: HostQueries) {
  const by = [names.host, ...names.outcome];
  return timeSeries({
    title: 'Statuses of outgoing requests',
    description:
      'Outgoing requests per second, by host and status. If 429 appears, the host limits this application: send less, or wait as it says. If 401 or 403 appears, look at the credentials. refused and dns: the host is away, or its name is wrong. reset: it closes connections, often those that were kept too long.',
    unit: 'reqps',
    width: 12,
    stacked: true,
    queries: [{ expr: names.count({ matchers: INSTANCES, by }), legend: by.map((label) => `{{${label}}}`).join(' ') }],
  });
}
