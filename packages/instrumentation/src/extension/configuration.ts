/** The schemas of the namespaces `instrumentation` and `metrics`, and their reading. */
import { type AddressRanges, type ApplicationContext, AppSchema, readServerConfiguration, type ServerSchema } from '@tsukimi/core';
import { SchemaType as Type } from '@tsukimi/core/schema-types';
import { isLabelName, LONGEST_TIMEOUT_MS } from '@tsukimi/metrics';
import type { Static } from 'typebox';
import { allowedAddresses, allowedNames } from '../endpoints/allowlist.js';
import type { AllowedHosts } from '../endpoints/browser-guard.js';
import { metricsPortShared } from '../endpoints/errors.js';
import { checkEndpointPath } from '../endpoints/path.js';
import type { Histograms, HistogramsOrigin } from '../histograms.js';
import { LeftOutRoutes } from '../http/left-out-routes.js';
import { checkedHostList, checkedHosts, type HostsOrigin } from '../http-client/checked-hosts.js';
import type { HttpClientOptions } from '../http-client/measure-http-client.js';
import { DEFAULT_PROPAGATE_TO } from '../http-client/propagation.js';
import { invalidDefaultLabel } from './errors.js';
import { ExcludedMethods } from './excluded-methods.js';

/** Where `metrics.port` can be set. */
export const PORT_SET_BY = 'metrics.port or TSUKIMI_METRICS_PORT';

/** Requests that are left out: checked further by their own rules. */
const RequestExclusionSchema = Type.Object(
  {
    method: Type.Optional(Type.String()),
    path: Type.Optional(Type.String()),
    unmatched: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);

/** Schema of the namespace `instrumentation`: what is measured, and how often the process is sampled. */
export const InstrumentationSchema = Type.Object(
  {
    enabled: Type.Boolean({ default: true }),
    track_memory: Type.Boolean({ default: false }),
    sample_interval_ms: Type.Integer({ minimum: 100, maximum: LONGEST_TIMEOUT_MS, default: 5000 }),
    thrown_error_classes: Type.Boolean({ default: true }),
    exclude: Type.Array(Type.String(), { default: [] }),
    console: Type.Object(
      {
        enabled: Type.Boolean({ default: true }),
        errors: Type.Union([Type.Literal('auto'), Type.Literal('messages'), Type.Literal('classes'), Type.Literal('off')], {
          default: 'auto',
        }),
      },
      { default: {} },
    ),
    profile: Type.Object(
      {
        enabled: Type.Union([Type.Boolean(), Type.Literal('auto')], { default: 'auto' }),
        heap: Type.Boolean({ default: false }),
      },
      { default: {} },
    ),
    http: Type.Object(
      {
        exclude: Type.Array(Type.Union([Type.String(), RequestExclusionSchema]), { default: [] }),
        labels: Type.Array(Type.Literal('status_class'), { default: [] }),
        group_status_codes: Type.Boolean({ default: false }),
        sizes: Type.Boolean({ default: false }),
      },
      { default: {} },
    ),
    http_client: Type.Object(
      {
        enabled: Type.Boolean({ default: false }),
        hosts: Type.Union([Type.Literal('any'), Type.Array(Type.String())], { default: [] }),
        propagate_to: Type.Array(Type.String(), { default: [...DEFAULT_PROPAGATE_TO] }),
      },
      { default: {} },
    ),
  },
  { shown: true },
);

/** What can be chosen for a histogram. */
const HistogramSchema = Type.Object(
  {
    buckets: Type.Optional(Type.Array(Type.Number())),
    native: Type.Optional(Type.Boolean()),
    max_native_buckets: Type.Optional(Type.Integer({ minimum: 8 })),
  },
  { additionalProperties: false },
);

/** Schema of the namespace `metrics`: where the metrics are served, who can read them, and their limits. */
export const MetricsSchema = Type.Object(
  {
    enabled: Type.Boolean({ default: true }),
    path: Type.String({ default: '/metrics' }),
    port: Type.Union([Type.Integer({ minimum: 0, maximum: 65_535 }), Type.Null()], { default: null }),
    allowed_ips: Type.Array(Type.String(), { default: [], emptyMeansAll: true }),
    allowed_hosts: Type.Array(Type.String(), { default: [] }),
    default_labels: Type.Record(Type.String(), Type.String(), { default: {} }),
    naming: Type.Union([Type.Literal('tsukimi'), Type.Literal('otel'), Type.Literal('both')], { default: 'tsukimi' }),
    histograms: Type.Record(Type.String(), HistogramSchema, { default: {} }),
    show_error_messages: Type.Boolean({ default: false }),
    max_series_per_metric: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 2000 }),
    max_recorded_names: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 1000 }),
    collect_timeout_ms: Type.Integer({ minimum: 1, maximum: LONGEST_TIMEOUT_MS, default: 5000 }),
    max_scrapes_in_flight: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 10 }),
    scrape_timeout_ms: Type.Integer({ minimum: 1, maximum: LONGEST_TIMEOUT_MS, default: 30_000 }),
  },
  { shown: true },
);

type HttpClientKeys = Static<typeof InstrumentationSchema>['http_client'];

function httpClientOptions({ hosts, propagate_to }: HttpClientKeys, origin: (key: string) => HostsOrigin): HttpClientOptions {
  return {
    hosts: checkedHosts(hosts, origin('instrumentation.http_client.hosts')),
    propagateTo: checkedHostList(propagate_to, origin('instrumentation.http_client.propagate_to')),
  };
}

/** The checked configuration of the extension. */
export interface InstrumentationConfiguration {
  readonly instrumentation: Static<typeof InstrumentationSchema>;
  readonly metrics: Static<typeof MetricsSchema>;
  readonly app: Static<typeof AppSchema>;
  readonly server: Static<typeof ServerSchema>;
  readonly allowed: AddressRanges;
  readonly hosts: AllowedHosts;
  readonly trustedProxies: AddressRanges;
  readonly excluded: ExcludedMethods;
  readonly histograms: Histograms;
  readonly histogramsOrigin: HistogramsOrigin;
  readonly leftOutRoutes: LeftOutRoutes;
  readonly httpClient: HttpClientOptions;
}

/**
 * @throws TSK_ERR_CONFIGURATION_VALUE, TSK_ERR_ENDPOINT_ADDRESS, TSK_ERR_ENDPOINT_HOST_NAME, TSK_ERR_INSTRUMENTATION_EXCLUDE, TSK_ERR_HTTP_EXCLUDE,
 * TSK_ERR_HTTP_CLIENT_HOST, TSK_ERR_ENDPOINT_PATH, TSK_ERR_METRIC_LABEL_NAME, with key, value and source, and TSK_ERR_ENDPOINT_PORT_SHARED
 */
export function readConfiguration({ configuration }: Pick<ApplicationContext, 'configuration'>): InstrumentationConfiguration {
  const instrumentation = configuration.namespace('instrumentation', InstrumentationSchema);
  const metrics = configuration.namespace('metrics', MetricsSchema);
  const { trustedProxies, ...server } = readServerConfiguration(configuration);
  const origin = (key: string) => ({ key, source: configuration.placeOf(key) });
  checkEndpointPath(metrics.path, origin('metrics.path'));
  const { port } = metrics;
  if (port !== null && port !== 0 && port === server.port) throw metricsPortShared({ port, setBy: PORT_SET_BY });
  for (const label of Object.keys(metrics.default_labels)) checkDefaultLabel(label, origin('metrics.default_labels'));
  return {
    instrumentation,
    metrics,
    server,
    app: configuration.namespace('app', AppSchema),
    allowed: allowedAddresses(metrics.allowed_ips, origin('metrics.allowed_ips')),
    hosts: allowedNames(metrics.allowed_hosts, origin('metrics.allowed_hosts')),
    trustedProxies,
    histograms: histogramsOf(metrics.histograms),
    histogramsOrigin: origin('metrics.histograms'),
    excluded: new ExcludedMethods(instrumentation.exclude, origin('instrumentation.exclude')),
    httpClient: httpClientOptions(instrumentation.http_client, origin),
    leftOutRoutes: new LeftOutRoutes(instrumentation.http.exclude, origin('instrumentation.http.exclude')),
  };
}

function histogramsOf(histograms: Static<typeof MetricsSchema>['histograms']): Histograms {
  const entries = Object.entries(histograms).map(([name, { max_native_buckets: maxNativeBuckets, ...settings }]) => {
    return [name, maxNativeBuckets === undefined ? settings : { ...settings, maxNativeBuckets }] as const;
  });
  return Object.fromEntries(entries);
}

function checkDefaultLabel(label: string, origin: { readonly key: string; readonly source: string }): void {
  if (!isLabelName(label)) throw invalidDefaultLabel({ ...origin, value: label });
}
