/** What is asked about outgoing requests, under the names that the application records them with. */
import { CATALOGUE, OPENTELEMETRY_CATALOGUE } from '@tsukimi/instrumentation';
import type { HistogramQueries, HistogramQuery } from './histograms.js';
import { type Matcher, matching, type OverTime, type QueriedMetric, rate, select, sumBy } from './promql.js';

/** Which names of requests queries ask for: those of `metrics.naming`. */
export type DashboardNaming = 'tsukimi' | 'otel';

/** The queries that differ. */
export interface HttpClientNames {
  /** The histogram of durations. */
  readonly duration: QueriedMetric;
  /** What the number of requests is read from. */
  readonly requests: QueriedMetric;
  readonly host: string;
  /** The labels that together say how a request ended. */
  readonly outcome: readonly string[];
  /** Requests that failed. What the application has aborted itself is not among them. */
  readonly failed: Matcher;
  /** The number of requests: per second, or in the whole window with `increase`. */
  count(query: Omit<HistogramQuery, 'metric'>, overTime?: OverTime): string;
}

const FAILED = '5..|timeout|refused|dns|reset|other';

const TSUKIMI_NAMES: HttpClientNames = {
  duration: CATALOGUE.httpClientRequestDuration,
  requests: CATALOGUE.httpClientRequests,
  host: 'host',
  outcome: ['status'],
  failed: matching('status', FAILED),
  count: ({ matchers = [], by = [], window }, overTime = rate) =>
    sumBy(by, overTime(select(CATALOGUE.httpClientRequests, ...matchers), window)),
};

export function httpClientNames(naming: DashboardNaming, histograms: HistogramQueries): HttpClientNames {
  if (naming === 'tsukimi') return TSUKIMI_NAMES;
  const { httpClientRequestDuration: metric } = OPENTELEMETRY_CATALOGUE;
  return {
    duration: metric,
    requests: metric,
    host: 'server_address',
    outcome: ['http_response_status_code', 'error_type'],
    failed: matching('error_type', FAILED),
    count: (query, overTime = rate) => histograms.countOf({ ...query, metric }, overTime),
  };
}
