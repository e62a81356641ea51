/** The only contact with prom-client: its registry, its metrics as guests of ours, and its process metrics. */
import { collectDefaultMetrics, type Metric, Registry } from 'prom-client';

/** prom-client's registry, which ours extends: its exporters and its metrics take ours for one of theirs. */
export { Registry as PromClientRegistry } from 'prom-client';

/** A metric made with prom-client itself. */
export type PromClientMetric = Metric<string>;

/** One sample of a prom-client metric. */
export interface PromClientSample {
  readonly metricName?: string;
  readonly labels?: Readonly<Record<string, string | number>>;
  readonly sharedLabels?: Readonly<Record<string, string | number>>;
  readonly value: number;
}

/** What a prom-client metric says of itself at a scrape. */
export interface PromClientFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly values: readonly PromClientSample[];
}

let processMetricsRegistry: Registry | undefined;

/**
 * The `process_*` and `nodejs_*` metrics, made once for the process.
 *
 * They observe the process, not an application, and their event-loop and garbage-collection observers can't be stopped again:
 * made for each registry, they would pile up with every application that is started and closed.
 */
export function processMetrics(): readonly PromClientMetric[] {
  if (processMetricsRegistry === undefined) {
    processMetricsRegistry = new Registry();
    collectDefaultMetrics({ register: processMetricsRegistry });
  }
  return processMetricsRegistry.getMetricsAsArray() as unknown as readonly PromClientMetric[];
}

/** Reads a prom-client metric as its own registry would. */
export async function readFamily(metric: PromClientMetric): Promise<PromClientFamily> {
  return (await metric.get()) as unknown as PromClientFamily;
}
