/** The metrics of outgoing requests, and the series of one host and method in them. */
import type { Distribution, Histogram, MetricsRegistry, SeriesHolder } from '@tsukimi/metrics';
import { CATALOGUE, OPENTELEMETRY_CATALOGUE, UNKNOWN_METHOD } from '../catalogue.js';
import type { EndedClientCall } from '../client-calls/client-call.js';
import { Kept, reporting } from '../kept-series.js';
import { hasOpenTelemetryNames, hasTsukimiNames, type MetricNaming } from '../metric-naming.js';
import { type Count, ownCount, ownDistribution } from '../own-counts.js';
import type { HostLabels } from './host-labels.js';

/** Creates what is recorded, so that it is exposed before the first request. @throws TSK_ERR_METRIC_SHAPE */
export function createMetrics(registry: MetricsRegistry, naming: MetricNaming): void {
  if (hasTsukimiNames(naming)) registry.counter(CATALOGUE.httpClientRequests);
  durationsOf(registry, naming);
}

/** Both conventions give the histogram the same name: with both, each of its series has the labels of both, so that it is recorded once. */
function durationsOf(registry: MetricsRegistry, naming: MetricNaming): Histogram<string> {
  const { httpClientRequestDuration: own } = CATALOGUE;
  const { httpClientRequestDuration: standard } = OPENTELEMETRY_CATALOGUE;
  if (naming === 'tsukimi') return registry.histogram<string>(own);
  if (naming === 'otel') return registry.histogram<string>(standard);
  return registry.histogram<string>({ ...own, labelNames: [...own.labelNames, ...standard.labelNames] });
}

/** How a request ended. */
export type RequestEnd = Pick<EndedClientCall, 'failure' | 'statusCode'>;

interface HostSeriesOptions {
  readonly naming: MetricNaming;
  readonly method: string;
  readonly host: HostLabels;
}

/** The series of one host and method. Nothing here throws: what can't be recorded is reported. */
export class HostSeries {
  /** By status and failure where they are labels of the histogram. */
  readonly #durations = new Map<string, Kept<Distribution>>();
  readonly #statuses = new Map<string, Kept<Count>>();

  constructor(
    private readonly registry: MetricsRegistry,
    private readonly options: HostSeriesOptions,
  ) {}

  /** @param seconds undefined if nobody has seen the beginning: then the request is not in the histogram */
  record(seconds: number | undefined, end: RequestEnd): void {
    const { naming } = this.options;
    if (seconds !== undefined) this.#time(seconds, end);
    if (hasTsukimiNames(naming)) this.#count(end.failure ?? String(end.statusCode ?? 'other'));
  }

  #time(seconds: number, end: RequestEnd): void {
    const { naming } = this.options;
    const key = hasOpenTelemetryNames(naming) ? `${end.statusCode} ${end.failure}` : '';
    let series = this.#durations.get(key);
    if (series === undefined) {
      const labels = this.#durationLabels(end);
      series = this.#kept((holder) => ownDistribution(durationsOf(this.registry, naming).labels(labels), holder));
      if (series !== undefined) this.#durations.set(key, series);
    }
    series?.now?.record(seconds);
  }

  #durationLabels(end: RequestEnd): Readonly<Record<string, string>> {
    const { naming, method, host } = this.options;
    return {
      ...(hasTsukimiNames(naming) && { method, host: host.host }),
      ...(hasOpenTelemetryNames(naming) && {
        http_request_method: method === UNKNOWN_METHOD ? OTHER_METHOD : method,
        server_address: host.address,
        server_port: host.port,
        http_response_status_code: String(end.statusCode ?? ''),
        error_type: errorType(end),
      }),
    };
  }

  #count(status: string): void {
    const { method, host } = this.options;
    let series = this.#statuses.get(status);
    if (series === undefined) {
      const labels = { method, host: host.host, status };
      series = this.#kept((holder) => ownCount(this.registry.counter(CATALOGUE.httpClientRequests).labels(labels), holder));
      if (series !== undefined) this.#statuses.set(status, series);
    }
    series?.now?.add(1);
  }

  #kept<T>(find: (holder: SeriesHolder) => T): Kept<T> | undefined {
    return reporting(this.registry, () => new Kept(this.registry, find));
  }
}

/** Methods that are not known. @see https://opentelemetry.io/docs/specs/semconv/registry/attributes/http/#http-request-method */
const OTHER_METHOD = '_OTHER';

/** The first status code that is an error for the caller. */
const FIRST_ERROR = 400;

/** @see https://opentelemetry.io/docs/specs/semconv/http/http-metrics/#metric-httpclientrequestduration */
function errorType({ failure, statusCode }: RequestEnd): string {
  if (failure !== undefined) return failure;
  if (statusCode === undefined) return 'other';
  return statusCode >= FIRST_ERROR ? String(statusCode) : '';
}
