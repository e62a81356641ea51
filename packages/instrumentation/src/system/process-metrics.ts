/** Adds prom-client's metrics of the process to a registry. */
import { type MetricsRegistry, processMetrics } from '@tsukimi/metrics';

/** Adds `process_*` and `nodejs_*`; metrics that the registry already has, for example from prom-client's `collectDefaultMetrics`, are kept. */
export function addProcessMetrics(registry: MetricsRegistry): void {
  for (const metric of processMetrics()) {
    const { name } = metric as unknown as { readonly name: string };
    if (registry.getSingleMetric(name) === undefined) registry.registerMetric(metric);
  }
}
