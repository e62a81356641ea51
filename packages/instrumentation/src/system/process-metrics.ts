/** Puts prom-client's metrics of the process into a registry. */
import { type MetricsRegistry, processMetrics } from '@tsukimi/metrics';

/** Adds `process_*` and `nodejs_*`; those that the registry has already, from prom-client's `collectDefaultMetrics` say, stay as they are. */
export function addProcessMetrics(registry: MetricsRegistry): void {
  for (const metric of processMetrics()) {
    const { name } = metric as unknown as { readonly name: string };
    if (registry.getSingleMetric(name) === undefined) registry.registerMetric(metric);
  }
}
