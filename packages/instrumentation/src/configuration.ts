/** The `instrumentation` and `metrics` namespaces: what may stand in them, and how it is read. */
import { type ApplicationContext, AppSchema, ServerSchema } from '@tsukimi/core';
import { type Static, Type } from 'typebox';
import { AddressList } from './endpoints/allowlist.js';
import { ExcludedMethods } from './excluded-methods.js';
import { checkPath } from './http/plugin.js';

const LONGEST_INTERVAL_MS = 2_147_483_647;

/** What is measured, and how often the process is sampled. */
export const InstrumentationSchema = Type.Object({
  enabled: Type.Boolean({ default: true }),
  track_memory: Type.Boolean({ default: false }),
  sample_interval_ms: Type.Integer({ minimum: 100, maximum: LONGEST_INTERVAL_MS, default: 5000 }),
  exclude: Type.Array(Type.String(), { default: [] }),
});

/** Where the metrics can be read, by whom, and how many series there may be. */
export const MetricsSchema = Type.Object({
  enabled: Type.Boolean({ default: true }),
  path: Type.String({ default: '/metrics' }),
  port: Type.Null({ default: null }),
  allowed_ips: Type.Array(Type.String(), { default: [] }),
  default_labels: Type.Record(Type.String(), Type.String(), { default: {} }),
  max_series_per_metric: Type.Integer({ minimum: 1, maximum: 1_000_000, default: 2000 }),
});

/** Everything the extension reads, checked. */
export interface InstrumentationConfiguration {
  readonly instrumentation: Static<typeof InstrumentationSchema>;
  readonly metrics: Static<typeof MetricsSchema>;
  readonly app: Static<typeof AppSchema>;
  readonly server: Static<typeof ServerSchema>;
  readonly allowed: AddressList;
  readonly trustedProxies: AddressList;
  readonly excluded: ExcludedMethods;
}

/** @throws TSK_ERR_CONFIGURATION_VALUE, TSK_ERR_ALLOWLIST_ENTRY, TSK_ERR_INSTRUMENTATION_EXCLUDE, TSK_ERR_METRICS_PATH, all naming key, value and source */
export function readConfiguration({ configuration }: ApplicationContext): InstrumentationConfiguration {
  const instrumentation = configuration.namespace('instrumentation', InstrumentationSchema);
  const metrics = configuration.namespace('metrics', MetricsSchema);
  const server = configuration.namespace('server', ServerSchema);
  const origin = (key: string) => ({ key, source: configuration.sourceOf(key) });
  checkPath(metrics.path);
  return {
    instrumentation,
    metrics,
    server,
    app: configuration.namespace('app', AppSchema),
    allowed: new AddressList(metrics.allowed_ips, origin('metrics.allowed_ips')),
    trustedProxies: new AddressList(server.trust_proxy, origin('server.trust_proxy')),
    excluded: new ExcludedMethods(instrumentation.exclude, origin('instrumentation.exclude')),
  };
}
