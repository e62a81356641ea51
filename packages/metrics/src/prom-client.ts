/** The only contact with prom-client: its registry, its metrics as guests of ours, and its process metrics. */
import { Counter, collectDefaultMetrics, Histogram, type Metric, Registry, Summary } from 'prom-client';

/** A metric made with prom-client itself. */
export type PromClientMetric = Metric<string>;

/** One sample of a prom-client metric. */
export interface PromClientSample {
  readonly metricName?: string;
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly sharedLabels?: Readonly<Record<string, string | number>>;
  readonly value: number;
  readonly exemplar?:
    | { readonly labelSet?: Readonly<Record<string, string | number>>; readonly value: number; readonly timestamp?: number }
    | undefined;
}

/** What a prom-client metric says of itself at a scrape. */
export interface PromClientFamily {
  readonly name: string;
  readonly help?: string;
  readonly type: string;
  readonly values?: readonly PromClientSample[];
}

/** What `getMetricsAsJSON()` gives. */
export type PromClientJson = Awaited<ReturnType<Registry['getMetricsAsJSON']>>;

/** Which ours extends: prom-client's exporters and metrics take ours for one of theirs. */
export { type Metric, Registry };

/** `histogram`, `summary`, `counter` or something else. Not read from `type`, which prom-client sets after it has registered a metric. */
export function kindOfPromClient(metric: PromClientMetric): string {
  if (metric instanceof Histogram) return 'histogram';
  if (metric instanceof Summary) return 'summary';
  return metric instanceof Counter ? 'counter' : 'other';
}

/** Gauges of prom-client's that are called as counters are; each is the sum over the one without `_total`. */
const MISNAMED = ['nodejs_active_handles_total', 'nodejs_active_requests_total', 'nodejs_active_resources_total'];

let processMetricsRegistry: Registry | undefined;

/**
 * prom-client's `process_*` and `nodejs_*` metrics, made once for the process; without three gauges that are called `_total`, which OpenMetrics
 * and promtool take for counters.
 *
 * They observe the process, not an application, and their event-loop and garbage-collection observers can't be stopped again:
 * made for each registry, they would pile up with every application that is started and closed.
 */
export function processMetrics(): readonly PromClientMetric[] {
  if (processMetricsRegistry === undefined) {
    processMetricsRegistry = new Registry();
    collectDefaultMetrics({ register: processMetricsRegistry });
    for (const name of MISNAMED) processMetricsRegistry.removeSingleMetric(name);
  }
  return processMetricsRegistry.getMetricsAsArray() as unknown as readonly PromClientMetric[];
}

/** Whether a metric is one of `processMetrics()`, which all registries share. */
export function isProcessMetric(metric: PromClientMetric): boolean {
  const name = (metric as unknown as { readonly name: string }).name;
  return processMetricsRegistry?.getSingleMetric(name) === metric;
}

/**
 * Reads a prom-client metric as its own registry would.
 * @param name the name it was registered under: an OpenMetrics registry of prom-client's takes `_total` off a counter's name for good
 */
export async function readFamily(name: string, metric: PromClientMetric): Promise<PromClientFamily> {
  const family = (await metric.get()) as unknown as PromClientFamily | undefined;
  if (typeof family?.type !== 'string') throw new TypeError('its get() returned no metric');
  return { ...family, name };
}

/** The default labels of a registry of prom-client's, which it has no way to ask for. */
export function defaultLabelsOf(registry: Registry): Readonly<Record<string, string>> {
  return (registry as unknown as { readonly _defaultLabels?: Readonly<Record<string, string>> })._defaultLabels ?? {};
}
