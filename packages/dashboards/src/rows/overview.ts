/** The first look: how much, how fast, how often it fails. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import type { PanelQuery, PanelSpec } from '../panels/panel.js';
import { stat } from '../panels/stat.js';
import { meanOf, quantileOf, rate, select, sumBy } from '../queries/promql.js';
import { FAILED_STATUS, ROUTES } from '../queries/scopes.js';
import type { DashboardRow } from './row.js';
import { ERROR_RATE, MEAN_SECONDS, P95_SECONDS, P99_SECONDS } from './thresholds.js';

const { httpRequests, httpRequestDuration } = CATALOGUE;

const requests = select(httpRequests, ...ROUTES);
const failures = select(httpRequests, ...ROUTES, FAILED_STATUS);
const duration = { metric: httpRequestDuration, matchers: ROUTES };

/** Without a single request there is nothing to show, which is not the same as 0. */
const NO_REQUESTS = 'no requests';

type Tile = Omit<PanelSpec, 'width'> & PanelQuery;

const TILES: readonly Tile[] = [
  {
    title: 'Total requests',
    description:
      'Requests that ended since the running processes started, aborted ones among them. It falls when a process restarts: if nobody deployed, read its last log lines. If it stays at 0, see whether the application is being scraped (up in Prometheus) and whether the variables above leave any route.',
    unit: 'none',
    legend: 'requests',
    expr: sumBy([], requests),
  },
  {
    title: 'Requests per second',
    description:
      'How many requests end in a second, over the last few scrapes. A sudden fall with no error means that requests no longer arrive: look at the load balancer and at DNS. A sudden rise: find the route in the row "HTTP by route", then its client.',
    unit: 'reqps',
    legend: 'requests per second',
    expr: sumBy([], rate(requests)),
  },
  {
    title: 'Average response time',
    description:
      'Mean time from the arrival of a request to the end of its response. If it rises, compare it with p95: both higher means that everything is slower (CPU, event-loop lag, a database); only p95 higher, that some requests are. Empty while there are no requests.',
    unit: 's',
    legend: 'mean',
    thresholds: MEAN_SECONDS,
    expr: meanOf(duration),
  },
  {
    title: 'Error rate',
    description:
      'Share of requests answered with 5xx. Requests that their clients gave up (499) count as requests, not as errors: see them under "Status codes". Above the threshold, find the route with the most errors in the table of routes, then the component that fails in the row "Components".',
    unit: 'percentunit',
    legend: 'errors',
    thresholds: ERROR_RATE,
    // Without a label to join by, so 0 has to come from a vector.
    expr: `(${sumBy([], rate(failures))} or vector(0)) / (${sumBy([], rate(requests))} > 0)`,
  },
  {
    title: 'p95',
    description:
      '95 of 100 requests were answered within this time; an estimate from the buckets of the histogram. If it is high, sort the table of routes by p95, and see in the row "Components" which method below that route takes the time.',
    unit: 's',
    legend: 'p95',
    thresholds: P95_SECONDS,
    expr: quantileOf(0.95, duration),
  },
  {
    title: 'p99',
    description:
      '99 of 100 requests were answered within this time; an estimate from the buckets of the histogram. If it is far from p95, a few requests wait for something: garbage collection, a lock, a connection pool, a cold cache. See the row "System" at the same moment.',
    unit: 's',
    legend: 'p99',
    thresholds: P99_SECONDS,
    expr: quantileOf(0.99, duration),
  },
];

export function overviewRow(): DashboardRow {
  return { title: 'Overview', panels: TILES.map(panelOf) };
}

function panelOf({ expr, legend, ...spec }: Tile) {
  return stat({ ...spec, width: 4, noValue: NO_REQUESTS, query: { expr, legend } });
}
