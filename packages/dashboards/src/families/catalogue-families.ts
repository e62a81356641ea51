/** The families that an instrumented application exposes by default, without series. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import type { MetricFamily } from './metric-family.js';
import { PROCESS_CATALOGUE } from './process-catalogue.js';

/** Returns all metrics of the catalogue and of the process, without series. */
export function catalogueFamilies(): MetricFamily[] {
  return [...Object.values(CATALOGUE), ...Object.values(PROCESS_CATALOGUE)].map((metric) => {
    const { type, name, help, labelNames } = metric;
    return { type, name, help, labelNames: [...labelNames], ...('buckets' in metric && { buckets: [...metric.buckets] }), series: [] };
  });
}
