/** What an instrumented application exposes by itself, as families without series. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import type { MetricFamily } from './metric-family.js';
import { PROCESS_CATALOGUE } from './process-catalogue.js';

/** Every metric of the catalogue and of the process; none has series, since nothing was read. */
export function catalogueFamilies(): MetricFamily[] {
  return [...Object.values(CATALOGUE), ...Object.values(PROCESS_CATALOGUE)].map(({ type, name, help, labelNames }) => ({
    type,
    name,
    help,
    labelNames: [...labelNames],
    series: [],
  }));
}
