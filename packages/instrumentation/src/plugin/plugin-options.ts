/** The options of the Fastify plugin, and their checks. */
import type { AddressRanges, RequestObserver } from '@tsukimi/core';
import { type HistogramSettings, LONGEST_TIMEOUT_MS, type MetricsRegistry } from '@tsukimi/metrics';
import type {} from 'fastify';
import { consoleMaker } from '../console/console.js';
import { allowedAddresses, allowedNames, type ListOrigin, trustedProxies } from '../endpoints/allowlist.js';
import type { AllowedHosts } from '../endpoints/browser-guard.js';
import { checkEndpointPath } from '../endpoints/path.js';
import { invalidOption, misspelledOption } from '../errors.js';
import { areHistograms, HISTOGRAMS_ALLOWED, type Histograms } from '../histograms.js';
import { LeftOutRoutes, type RouteExclusion } from '../http/left-out-routes.js';
import type { StatusOptions } from '../http/outcome-series.js';
import { checkedRequestLabels, type RequestLabels } from '../labels/request-labels.js';
import { METRIC_NAMINGS, type MetricNaming } from '../metric-naming.js';

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

/** The parsed options with their defaults. */
export interface CheckedOptions {
  readonly registry: MetricsRegistry;
  readonly path: string | null;
  readonly port: number | null;
  readonly allowed: AddressRanges;
  readonly hosts: AllowedHosts;
  readonly console: boolean;
  readonly profile: { readonly enabled: boolean | 'auto'; readonly heap: boolean };
  readonly trustedProxies: AddressRanges;
  readonly leftOutRoutes: LeftOutRoutes;
  readonly histograms: Histograms;
  readonly statuses: StatusOptions;
  readonly sizes: boolean;
  readonly requestLabels: RequestLabels | undefined;
  readonly naming: MetricNaming;
  readonly maxScrapesInFlight: number;
  readonly scrapeTimeoutMs: number;
  /** Who observes the request context; undefined if it is off. */
  readonly contextObservers: readonly RequestObserver[] | undefined;
  readonly processMetrics: boolean;
  readonly sampleIntervalMs: number;
}

const SOURCE = 'httpInstrumentation options';
const OPTIONS = [
  'registry',
  'path',
  'port',
  'allowedIps',
  'allowedHosts',
  'console',
  'profile',
  'trustProxy',
  'exclude',
  'labels',
  'requestLabels',
  'groupStatusCodes',
  'sizes',
  'maxScrapesInFlight',
  'scrapeTimeoutMs',
  'naming',
  'histograms',
  'requestContext',
  'processMetrics',
  'sampleIntervalMs',
] as const satisfies readonly (keyof HttpInstrumentationOptions)[];
const KNOWN: ReadonlyMap<string, string> = new Map(OPTIONS.map((option) => [option.toLowerCase(), option]));
const ADDRESSES_ALLOWED = 'a list of addresses and CIDR ranges';
const SHORTEST_INTERVAL_MS = 100;
const MOST_IN_FLIGHT = 1_000_000;

/** @throws TSK_ERR_INSTRUMENTATION_OPTION, TSK_ERR_HTTP_EXCLUDE, TSK_ERR_ENDPOINT_PATH, TSK_ERR_ENDPOINT_ADDRESS, TSK_ERR_ENDPOINT_HOST_NAME, with the option and the received value */
export function checkOptions(options: HttpInstrumentationOptions): CheckedOptions {
  const {
    registry,
    path = '/metrics',
    port = null,
    allowedIps = [],
    allowedHosts = [],
    console = false,
    profile = {},
    trustProxy = [],
    exclude = [],
    labels = [],
    groupStatusCodes = false,
    sizes = false,
    maxScrapesInFlight = 10,
    scrapeTimeoutMs = 30_000,
    naming = 'tsukimi',
    histograms = {},
    requestContext = false,
    processMetrics = true,
    sampleIntervalMs = 5000,
  } = options;
  for (const key of ['allowedIps', 'trustProxy'] as const) {
    // As an absent option, a missing environment variable would allow everyone.
    const isUndefined = Object.hasOwn(options, key) && options[key] === undefined;
    check(key, !isUndefined, { value: undefined, allowed: ADDRESSES_ALLOWED });
  }
  checkSpelling(options);
  check('registry', typeof registry?.exposeStream === 'function', { value: registry, allowed: 'a MetricsRegistry' });
  if (path !== null) checkEndpointPath(path, { key: 'path', source: SOURCE });
  check('port', port === null || (path !== null && isInteger(port, 0, 65_535)), {
    value: port,
    allowed: path === null ? 'null, where path is null' : 'null or an integer from 0 to 65535',
  });
  check('maxScrapesInFlight', isInteger(maxScrapesInFlight, 1, MOST_IN_FLIGHT), {
    value: maxScrapesInFlight,
    allowed: `an integer from 1 to ${MOST_IN_FLIGHT}`,
  });
  check('scrapeTimeoutMs', isInteger(scrapeTimeoutMs, 1, LONGEST_TIMEOUT_MS), {
    value: scrapeTimeoutMs,
    allowed: `an integer from 1 to ${LONGEST_TIMEOUT_MS}`,
  });
  check('naming', METRIC_NAMINGS.includes(naming), { value: naming, allowed: 'tsukimi, otel or both' });
  check('histograms', areHistograms(histograms), { value: histograms, allowed: HISTOGRAMS_ALLOWED });
  check('requestContext', typeof requestContext === 'boolean' || areObservers(requestContext?.observers), {
    value: requestContext,
    allowed: 'true, false, or { observers: [...] }',
  });
  check('processMetrics', typeof processMetrics === 'boolean', { value: processMetrics, allowed: 'true or false' });
  check('sampleIntervalMs', isInteger(sampleIntervalMs, SHORTEST_INTERVAL_MS, LONGEST_TIMEOUT_MS), {
    value: sampleIntervalMs,
    allowed: `an integer from ${SHORTEST_INTERVAL_MS} to ${LONGEST_TIMEOUT_MS}`,
  });
  const allowed = addresses(allowedAddresses, { key: 'allowedIps', entries: allowedIps });
  const trusted = addresses(trustedProxies, { key: 'trustProxy', entries: trustProxy });
  check('console', console === false || (console === true && path !== null && consoleMaker() !== undefined), {
    value: console,
    allowed:
      path === null
        ? 'false, where path is null'
        : consoleMaker() === undefined
          ? 'false, unless tsukimi or @tsukimi/console is imported'
          : 'true or false',
  });
  check('profile', isProfile(profile), {
    value: profile,
    allowed: "an object with enabled (true, false or 'auto') and heap (true or false)",
  });
  check('allowedHosts', Array.isArray(allowedHosts), { value: allowedHosts, allowed: 'a list of host names' });
  check('exclude', Array.isArray(exclude), { value: exclude, allowed: 'a list of patterns for routes' });
  check('labels', Array.isArray(labels) && labels.every((label) => label === 'status_class'), {
    value: labels,
    allowed: "['status_class'] or []",
  });
  check('groupStatusCodes', typeof groupStatusCodes === 'boolean', { value: groupStatusCodes, allowed: 'true or false' });
  check('sizes', typeof sizes === 'boolean', { value: sizes, allowed: 'true or false' });
  const leftOutRoutes = new LeftOutRoutes(exclude, { key: 'exclude', source: SOURCE });
  return {
    registry,
    path,
    port,
    allowed,
    console,
    profile: { enabled: 'auto', heap: false, ...profile },
    hosts: allowedNames(allowedHosts, { key: 'allowedHosts', source: SOURCE }),
    trustedProxies: trusted,
    leftOutRoutes,
    histograms,
    statuses: { hasClassOnDurations: labels.length > 0, areGrouped: groupStatusCodes },
    sizes,
    requestLabels: checkedRequestLabels(options.requestLabels, SOURCE),
    naming,
    maxScrapesInFlight,
    scrapeTimeoutMs,
    contextObservers: requestContext === false ? undefined : requestContext === true ? [] : requestContext.observers,
    processMetrics,
    sampleIntervalMs,
  };
}

/** Refuses `allowed_ips` and `allowedIPs`: ignored, they would allow everyone. Other unknown options may be Fastify's or the user's own. */
function checkSpelling(options: object): void {
  for (const key of Object.keys(options)) {
    const meant = KNOWN.get(key.replaceAll(/[_-]/g, '').toLowerCase());
    if (meant !== undefined && meant !== key) throw misspelledOption({ key, source: SOURCE, meant });
  }
}

function areObservers(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => typeof each === 'object' && each !== null);
}

function isProfile(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).every(([key, each]) => {
    if (key === 'enabled') return each === 'auto' || typeof each === 'boolean';
    return key === 'heap' && typeof each === 'boolean';
  });
}

type ParseAddresses = (entries: readonly string[], origin: ListOrigin) => AddressRanges;

function addresses(parse: ParseAddresses, { key, entries }: { readonly key: string; readonly entries: readonly string[] }): AddressRanges {
  check(key, Array.isArray(entries), { value: entries, allowed: ADDRESSES_ALLOWED });
  return parse(entries, { key, source: SOURCE });
}

function isInteger(value: unknown, lowest: number, highest: number): boolean {
  return Number.isInteger(value) && Number(value) >= lowest && Number(value) <= highest;
}

function check(key: string, holds: boolean, { value, allowed }: { readonly value: unknown; readonly allowed: string }): void {
  if (!holds) throw invalidOption({ key, value, source: SOURCE, allowed });
}
