/** The metrics of HTTP requests, under Tsukimi's names or, where there are only those, under OpenTelemetry's. */
import { CATALOGUE, OPENTELEMETRY_CATALOGUE, UNMATCHED_PATH } from '@tsukimi/instrumentation';
import type { KnownSeries } from '../history/series-index.js';
import { seriesOf, type Viewed } from './view.js';

export interface RequestLabels {
  readonly method: string;
  readonly path: string;
  readonly status: string;
}

export interface HttpMetrics {
  /** Their increases are requests. */
  readonly requests: readonly KnownSeries[];
  /** Those of them that are responses with status 500 and above. */
  readonly errors: readonly KnownSeries[];
  readonly durations: readonly KnownSeries[];
  labelsOf(series: KnownSeries): RequestLabels;
}

/** Whether requests are measured, also where none has come yet. */
export function measuresHttp(viewed: Viewed): boolean {
  return viewed.history.index.families.has(CATALOGUE.httpRequests.name) || seriesOf(viewed, CATALOGUE.httpRequestsInFlight.name).length > 0;
}

/** @param of only those of one route */
export function httpMetrics(viewed: Viewed, of?: Pick<RequestLabels, 'method' | 'path'>): HttpMetrics {
  const hasOwnNames = viewed.history.index.families.has(CATALOGUE.httpRequests.name);
  const labelsOf = hasOwnNames ? ownLabels : openTelemetryLabels;
  const isAsked = (series: KnownSeries): boolean => {
    if (of === undefined) return true;
    const { method, path } = labelsOf(series);
    return method === of.method && path === of.path;
  };
  const all = (name: string) => seriesOf(viewed, name).filter(isAsked);
  const durations = all(hasOwnNames ? CATALOGUE.httpRequestDuration.name : OPENTELEMETRY_CATALOGUE.httpServerRequestDuration.name);
  const requests = hasOwnNames ? all(CATALOGUE.httpRequests.name) : durations;
  return { requests, durations, labelsOf, errors: requests.filter((series) => labelsOf(series).status.startsWith('5')) };
}

function ownLabels({ labels }: KnownSeries): RequestLabels {
  return { method: labels['method'] ?? '', path: labels['path'] ?? '', status: labels['status'] ?? '' };
}

function openTelemetryLabels({ labels }: KnownSeries): RequestLabels {
  return {
    method: labels['http_request_method'] ?? '',
    path: labels['http_route'] ?? UNMATCHED_PATH,
    status: labels['http_response_status_code'] ?? '',
  };
}
