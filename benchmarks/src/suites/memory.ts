/** Memory that a histogram series keeps, its fine buckets included. */
import { MetricsRegistry } from 'tsukimi';
import { atMost, type Row } from '../support/row.js';
import { runSuite, type SuiteOptions } from '../support/suite.js';

await runSuite(memory);

async function memory({ quick }: SuiteOptions): Promise<Row[]> {
  const count = quick ? 500 : 20_000;
  const before = usedBytes();
  const registry = new MetricsRegistry({ maxSeriesPerMetric: count });
  const histogram = registry.histogram({ name: 'duration_seconds', help: 'Durations.', labelNames: ['component', 'method'] });
  for (let id = 0; id < count; id += 1) {
    const series = histogram.labels({ component: `Component${id % 100}`, method: `method${id}` });
    // A spread as services have it: most around a few milliseconds, some ten times that.
    for (let value = 0; value < 40; value += 1) series.observe(0.002 * (1 + value / 40) * (value % 13 === 0 ? 8 : 1));
  }
  const recorded = (usedBytes() - before) / count;
  for await (const _ of registry.exposeStream());
  const scraped = (usedBytes() - before) / count;
  registry.resetMetrics();
  return [
    atMost('memory per histogram series, after it was scraped', 2048, {
      value: scraped,
      unit: ' B',
      detail: `${recorded.toFixed(0)} B before the first scrape`,
    }),
  ];
}

function usedBytes(): number {
  for (let time = 0; time < 3; time += 1) globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
