/** What is asked about requests, under the names that the application records them with. */
import { CATALOGUE, OPENTELEMETRY_CATALOGUE, UNMATCHED_PATH } from '@tsukimi/instrumentation';
import type { MetricFamily } from '../families/metric-family.js';
import type { HistogramQueries, HistogramQuery } from './histograms.js';
import { type DashboardNaming, type HttpClientNames, httpClientNames } from './http-client-names.js';
import { type Matcher, matching, type OverTime, type QueriedMetric, rate, select, sumBy } from './promql.js';
import { INSTANCES, ROUTES } from './scopes.js';

export type { DashboardNaming } from './http-client-names.js';

export const NAMING_NAMES = 'tsukimi or otel';

export function isDashboardNaming(value: unknown): value is DashboardNaming {
  return value === 'tsukimi' || value === 'otel';
}

/** The queries that differ. */
export interface HttpNames {
  /** The histogram of response times. */
  readonly duration: QueriedMetric;
  /** What the number of requests is read from. */
  readonly requests: QueriedMetric;
  readonly method: string;
  readonly path: string;
  readonly status: string;
  /** Requests with a 5xx response. */
  readonly failed: Matcher;
  /** The selected routes of the selected instances. */
  readonly routes: readonly Matcher[];
  /** The series whose routes are offered. */
  readonly routeSelector: string;
  /** How requests without a route are shown, in words. */
  readonly unmatched: string;
  /** How aborted requests are shown, in words. */
  readonly aborted: string;
  /** The number of requests: per second, or in the whole window with `increase`. */
  count(query: Omit<HistogramQuery, 'metric'>, overTime?: OverTime): string;
  /** The queries of outgoing requests. */
  readonly client: HttpClientNames;
}

const { httpRequests, httpRequestDuration } = CATALOGUE;
const { httpServerRequestDuration } = OPENTELEMETRY_CATALOGUE;

/** Server failures. 499 is not among them, because the client disconnected. */
const FAILED = '5..';

export function httpNames(naming: DashboardNaming, histograms: HistogramQueries): HttpNames {
  const client = httpClientNames(naming, histograms);
  return naming === 'otel' ? { ...openTelemetryNames(histograms), client } : { ...TSUKIMI_NAMES, client };
}

type ServerNames = Omit<HttpNames, 'client'>;

const TSUKIMI_NAMES: ServerNames = {
  duration: httpRequestDuration,
  requests: httpRequests,
  method: 'method',
  path: 'path',
  status: 'status',
  failed: matching('status', FAILED),
  routes: ROUTES,
  routeSelector: select(httpRequests, ...INSTANCES),
  unmatched: UNMATCHED_PATH,
  aborted: '499',
  count: ({ matchers = [], by = [], window }, overTime = rate) => sumBy(by, overTime(select(httpRequests, ...matchers), window)),
};

function openTelemetryNames(histograms: HistogramQueries): ServerNames {
  const metric = httpServerRequestDuration;
  const names = matching('__name__', histograms.seriesNames(metric).join('|'));
  return {
    duration: metric,
    requests: metric,
    method: 'http_request_method',
    path: 'http_route',
    status: 'http_response_status_code',
    failed: matching('http_response_status_code', FAILED),
    routes: [...INSTANCES, matching('http_route', '$path')],
    routeSelector: `{${[names, ...INSTANCES].join(', ')}}`,
    unmatched: 'no route',
    aborted: 'Without a status',
    count: (query, overTime = rate) => histograms.countOf({ ...query, metric }, overTime),
  };
}

const OPENTELEMETRY_NAMES: readonly string[] = Object.values(OPENTELEMETRY_CATALOGUE).map(({ name }) => name);
const TSUKIMI_ONLY: readonly string[] = [httpRequests.name, httpRequestDuration.name];

/** Whether a metric has one of the names that `metrics.naming: otel` gives. */
export function hasOpenTelemetryName(metric: string): boolean {
  return OPENTELEMETRY_NAMES.includes(metric);
}

/** The naming of an application, told from its families; without requests under OpenTelemetry's names only, Tsukimi's. */
export function namingOf(families: readonly MetricFamily[]): DashboardNaming {
  const isExposed = (names: readonly string[]) => families.some(({ name, series }) => names.includes(name) && series.length > 0);
  const hasNames = families.some(({ name }) => name === httpServerRequestDuration.name);
  return hasNames && !isExposed(TSUKIMI_ONLY) ? 'otel' : 'tsukimi';
}
