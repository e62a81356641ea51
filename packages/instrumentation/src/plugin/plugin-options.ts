/** The options of the Fastify plugin. */
import type { RequestObserver } from '@tsukimi/core';
import type { HistogramSettings, MetricsRegistry } from '@tsukimi/metrics';
import type {} from 'fastify';
import type { RouteExclusion } from '../http/left-out-routes.js';
import type { RequestLabels } from '../labels/request-labels.js';
import type { MetricNaming } from '../metric-naming.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** `false` leaves the requests to the route out of all HTTP metrics. */
    metrics?: boolean;
  }
}

export interface HttpInstrumentationOptions {
  /** The registry in which requests are recorded, and which the endpoints expose. */
  readonly registry: MetricsRegistry;
  /**
   * The path of the JSON endpoint; the text endpoint is `<path>/prometheus`. `null` disables the endpoints.
   * @default '/metrics'
   */
  readonly path?: string | null;
  /**
   * A separate port for the endpoints, from 0 to 65535; 0 means any free port. It is opened and closed with the server, on the same host. `null` means
   * the port of the server.
   * @default null
   */
  readonly port?: number | null;
  /**
   * Addresses and CIDR ranges that can read the endpoints. Empty means all; `undefined` is refused, because a missing variable must not mean all.
   * @default []
   */
  readonly allowedIps?: readonly string[];
  /**
   * Names by which browsers may address what is below the endpoints, beside addresses, `localhost` and the name of the machine: `metrics.example.com`,
   * `*.example.com`; `*` for any. Scrapers may use any name.
   * @default []
   */
  readonly allowedHosts?: readonly string[];
  /**
   * Whether to serve the live page at `<path>/ui`. It needs `tsukimi` or `@tsukimi/console` to be imported, and keeps the last quarter of an hour in
   * memory.
   * @default false
   */
  readonly console?: boolean;
  /**
   * Whether clients that can read the metrics get profiles at `<path>/profile/cpu` and `<path>/profile/heap`, and whether the heap is sampled from the
   * start. `auto` gives profiles on servers that listen on loopback addresses only.
   * @default { enabled: 'auto', heap: false }
   */
  readonly profile?: { readonly enabled?: boolean | 'auto'; readonly heap?: boolean };
  /**
   * Addresses and CIDR ranges of proxies whose `X-Forwarded-For` is trusted. `undefined` is refused.
   * @default []
   */
  readonly trustProxy?: readonly string[];
  /**
   * Requests that are not recorded: `/health/*`, `GET /events`, `{ method: 'OPTIONS' }`, `{ unmatched: true }`. Use route templates with their prefix, `*`
   * for any part, and optionally a method in front.
   * @default []
   */
  readonly exclude?: readonly RouteExclusion[];
  /**
   * Labels that `http_request_duration_seconds` has in addition: `status_class`, such as `2xx`. Each class of statuses of a route is a histogram then.
   * @default []
   */
  readonly labels?: readonly 'status_class'[];
  /**
   * Labels that a function computes of each request, in `http_requests_total` and `http_request_duration_seconds`. `defineRequestLabels` checks their types.
   */
  readonly requestLabels?: RequestLabels;
  /**
   * Whether the label `status` of `http_requests_total` is the class of the status, such as `2xx`, for fewer series.
   * @default false
   */
  readonly groupStatusCodes?: boolean;
  /**
   * Whether to record `http_request_size_bytes` and `http_response_size_bytes`: the bytes of bodies on the wire. Counting them costs some time for each
   * request and each chunk.
   * @default false
   */
  readonly sizes?: boolean;
  /**
   * The maximum number of scrapes in flight, from 1 to 1000000. Further ones get 503.
   * @default 10
   */
  readonly maxScrapesInFlight?: number;
  /**
   * How long a client may take to read a scrape, in milliseconds, from 1 to 2147483647. After that, its connection is closed.
   * @default 30000
   */
  readonly scrapeTimeoutMs?: number;
  /**
   * `otel` records requests as `http_server_request_duration_seconds`, with the labels of OpenTelemetry's stable conventions, instead of
   * `http_requests_total` and `http_request_duration_seconds`; `both` records both.
   * @default 'tsukimi'
   */
  readonly naming?: MetricNaming;
  /**
   * Buckets of histograms by their names, such as `http_request_duration_seconds`: upper bounds in ascending order, and whether there are native ones.
   * Only for histograms that do not exist yet.
   * @default {}
   */
  readonly histograms?: Readonly<Record<string, HistogramSettings>>;
  /**
   * Whether requests have a context, for `currentRequestContext()`, for the log by `requestContextMixin()`, and for exemplars; or what observes it.
   * Requests get an id then: that of `x-request-id` or a random one, unless Fastify has options of its own for ids. Costs some time for each request.
   * @default false
   */
  readonly requestContext?: boolean | { readonly observers: readonly RequestObserver[] };
  /**
   * Whether to record `process_*`, `nodejs_*` and `system_*` too.
   * @default true
   */
  readonly processMetrics?: boolean;
  /**
   * The time between two samples of memory and CPU, in milliseconds, from 100 to 2147483647.
   * @default 5000
   */
  readonly sampleIntervalMs?: number;
}
