/** The row of outgoing HTTP requests: by host, with failures and durations. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import type { HistogramQueries } from '../queries/histograms.js';
import { increase, rate, select, shareOf, sumBy, type Window } from '../queries/promql.js';
import { FAILED_CALL, INSTANCES } from '../queries/scopes.js';
import { HOST_FAILURE_RATE } from './panel-thresholds.js';
import type { DashboardRow } from './row.js';

const { httpClientRequests, httpClientRequestDuration } = CATALOGUE;

const HOST = ['host'];
const requests = select(httpClientRequests, ...INSTANCES);
const failures = select(httpClientRequests, ...INSTANCES, FAILED_CALL);
const durationOf = (window: Window) => ({ metric: httpClientRequestDuration, matchers: INSTANCES, by: HOST, window });
const failureRateOf = (window: Window) =>
  shareOf({ part: sumBy(HOST, rate(failures, window)), whole: sumBy(HOST, rate(requests, window)) });

export function httpClientRow(histograms: HistogramQueries): DashboardRow {
  return {
    title: 'Outgoing HTTP',
    panels: [hosts(histograms), requestRate(), failureRate(), durations(histograms), statuses()],
  };
}

function hosts(histograms: HistogramQueries) {
  return table({
    title: 'Called hosts in this time range',
    description:
      "Every host that the application called, the one that was called most first. Counts are Prometheus's estimates from the scrapes. Click a heading to sort: by failures to find the host that breaks requests, by p95 to find the one that slows them down. Hosts without a name in instrumentation.http_client.hosts are together in <other>.",
    unit: 'none',
    width: 24,
    height: 8,
    labels: { host: 'Host' },
    columns: [
      { title: 'Requests', expr: sumBy(HOST, increase(requests, '$__range')), decimals: 0 },
      { title: 'Failures', expr: failureRateOf('$__range'), unit: 'percentunit', thresholds: HOST_FAILURE_RATE },
      { title: 'Mean', expr: histograms.meanOf(durationOf('$__range')), unit: 's' },
      { title: 'p95', expr: histograms.quantileOf(0.95, durationOf('$__range')), unit: 's' },
    ],
    sortBy: 'Requests',
  });
}

function requestRate() {
  return timeSeries({
    title: 'Outgoing requests by host',
    description:
      'Outgoing requests per second, by host; each retry and each hop of a redirect is one. If a line rises faster than the requests to this application, look for calls in loops, for a cache that no longer works, or for retries: compare it with the failures.',
    unit: 'reqps',
    width: 12,
    queries: [{ expr: sumBy(HOST, rate(requests)), legend: '{{host}}' }],
  });
}

function failureRate() {
  return timeSeries({
    title: 'Failed outgoing requests by host',
    description:
      'Share of outgoing requests that got a 5xx response, or no complete response: timeout, refused, dns, reset, other. Requests that the application itself has aborted are no failures. If one host fails, look at its status page; if all fail at the same time, look at the network, the proxy and DNS.',
    unit: 'percentunit',
    width: 12,
    thresholds: HOST_FAILURE_RATE,
    queries: [{ expr: failureRateOf('$__rate_interval'), legend: '{{host}}' }],
  });
}

function durations(histograms: HistogramQueries) {
  return timeSeries({
    title: 'Duration of outgoing requests (p95)',
    description:
      'The 95th percentile of outgoing requests by host, to the last byte of the response. If a line rises together with the response time of this application, that host slows it down: set a timeout below the one of your own clients. A line at a round value, such as 5 s, is often a timeout.',
    unit: 's',
    width: 12,
    queries: [{ expr: histograms.quantileOf(0.95, durationOf('$__rate_interval')), legend: '{{host}}' }],
  });
}

function statuses() {
  return timeSeries({
    title: 'Statuses of outgoing requests',
    description:
      'Outgoing requests per second, by host and status. If 429 appears, the host limits this application: send less, or wait as it says. If 401 or 403 appears, look at the credentials. refused and dns: the host is away, or its name is wrong. reset: it closes connections, often those that were kept too long.',
    unit: 'reqps',
    width: 12,
    stacked: true,
    queries: [{ expr: sumBy(['host', 'status'], rate(requests)), legend: '{{host}} {{status}}' }],
  });
}
