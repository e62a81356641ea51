/** The only file that uses prom-client: its registry, its metrics in our registry, and its process metrics. */
import { Counter, collectDefaultMetrics, Histogram, type Metric, Registry, Summary } from 'prom-client';

/** A metric that was created with prom-client. */
export type PromClientMetric = Metric<string>;

/** A sample of a prom-client metric. */
export interface PromClientSample {
  readonly metricName?: string;
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly sharedLabels?: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly exemplar?:
    | { readonly labelSet?: Readonly<Record<string, string | number>>; readonly value: number; readonly timestamp?: number }
    | undefined;
}

/** The data that a prom-client metric returns at a scrape. */
export interface PromClientFamily {
  readonly name: string;
  readonly help?: string;
  readonly type: string;
  readonly values?: readonly PromClientSample[];
}

/** The result of `getMetricsAsJSON()`. */
export type PromClientJson = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** Our registry extends prom-client's, so that prom-client's exporters and metrics accept it. */
export { type Metric, Registry };

/** `histogram`, `summary`, `counter` or something else. Not read from `type`, because prom-client sets it only after it has registered a metric. */
export function kindOfPromClient(metric: PromClientMetric): string {
  if (metric instanceof Histogram) return 'histogram';
  if (metric instanceof Summary) return 'summary';
  return metric instanceof Counter ? 'counter' : 'other';
}

/** Gauges of prom-client that have the name of a counter. Each is the sum of the gauge without `_total`. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

let processMetricsRegistry: Registry | undefined;

/**
 * Returns prom-client's `process_*` and `nodejs_*` metrics, which are created once for the process. Three gauges whose names end in `_total` are
 * left out, because OpenMetrics and promtool treat them as counters.
 *
 * They observe the process, not an application, and their observers of the event loop and the garbage collector can't be stopped. If they were
 * created for each registry, they would accumulate with every application that is started and closed.
 */
export function processMetrics(): readonly PromClientMetric[] {
  if (processMetricsRegistry === undefined) {
    processMetricsRegistry = new Registry();
    collectDefaultMetrics({ register: processMetricsRegistry });
    for (const name of MISNAMED) processMetricsRegistry.removeSingleMetric(name);
  }
  return processMetricsRegistry.getMetricsAsArray() as unknown as readonly PromClientMetric[];
}

/** Returns whether a metric is one of `processMetrics()`, which all registries share. */
export function isProcessMetric(metric: PromClientMetric): boolean {
  const name = (metric as unknown as { readonly name: string }).name;
  return processMetricsRegistry?.getSingleMetric(name) === metric;
}

/**
 * Reads a prom-client metric like its own registry.
 * @param name the name under which it was registered, because a prom-client OpenMetrics registry permanently removes `_total` from a counter's name
 */
export async function readFamily(name: string, metric: PromClientMetric): Promise<PromClientFamily> {
  const family = (await metric.get()) as unknown as PromClientFamily | undefined;
  if (typeof family?.type !== 'string') throw new TypeError('its get() returned no metric');
  return { ...family, name };
}

/** Returns the default labels of a prom-client registry, which has no public accessor for them. */
export function defaultLabelsOf(registry: Registry): Readonly<Record<string, string>> {
  return (registry as unknown as { readonly _defaultLabels?: Readonly<Record<string, string>> })._defaultLabels ?? {};
}
