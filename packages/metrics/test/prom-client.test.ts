/** prom-client's metrics in our registry, the process's among them. */
import { PerformanceObserver } from 'node:perf_hooks';
import { MetricsRegistry, processMetrics } from '@tsukimi/metrics';
import * as promClient from 'prom-client';
import { describe, expect, test, vi } from 'vitest';
import { linesOf, openRegistry, thrownBy, untyped } from './support/open-registry.js';
import { parseStrictly } from './support/strict-parser.js';

describe("prom-client's metrics in our registry", () => {
  test('are exposed with ours', async () => {
    const { registry } = openRegistry();
    registry.counter({ name: 'ours_total', help: 'Ours.' }).inc();
    const registers = [registry];
    new promClient.Counter({ name: 'theirs_total', help: 'Theirs.', labelNames: ['a'], registers }).inc({ a: 'x' }, 2);
    new promClient.Gauge({
      name: 'their_size',
      help: 'Size.',
      registers,
      collect() {
        this.set(7);
      },
    });
    new promClient.Histogram({ name: 'their_seconds', help: 'Seconds.', buckets: [1], labelNames: ['a'], registers }).observe(
      { a: 'x' },
      0.5,
    );
    new promClient.Summary({ name: 'their_bytes', help: 'Bytes.', percentiles: [0.5], labelNames: ['a'], registers }).observe(
      { a: 'x' },
      5,
    );
    expect(
      await registry.expose({ names: ['ours_total', 'theirs_total', 'their_size', 'their_seconds', 'their_bytes'] }),
    ).toBe(`# HELP ours_total Ours.
# TYPE ours_total counter
ours_total 1
# HELP theirs_total Theirs.
# TYPE theirs_total counter
theirs_total{a="x"} 2
# HELP their_size Size.
# TYPE their_size gauge
their_size 7
# HELP their_seconds Seconds.
# TYPE their_seconds histogram
their_seconds_bucket{le="1",a="x"} 1
their_seconds_bucket{le="+Inf",a="x"} 1
their_seconds_sum{a="x"} 0.5
their_seconds_count{a="x"} 1
# HELP their_bytes Bytes.
# TYPE their_bytes summary
their_bytes{quantile="0.5",a="x"} 5
their_bytes_sum{a="x"} 5
their_bytes_count{a="x"} 1
`);
  });

  test('are read as their own registry reads them', async () => {
    const { registry } = openRegistry();
    const theirs = new promClient.Registry();
    for (const metric of processMetrics()) {
      registry.registerMetric(metric);
      theirs.registerMetric(metric);
    }
    // Which resources are active is another set at each of the two readings.
    const samples = (text: string) =>
      parseStrictly(text).flatMap((family) =>
        family.samples.flatMap(({ name, labels }) => (name === 'nodejs_active_resources' ? [] : { name, labels })),
      );
    const names = processMetrics().map((metric) => (metric as unknown as { readonly name: string }).name);
    const [ours, reference] = [await registry.expose({ names }), await theirs.metrics()];
    expect(samples(ours)).toEqual(samples(reference.replaceAll('\n\n', '\n').replaceAll(' Nan\n', ' NaN\n')));
  });

  test('one that fails costs itself and one report', async () => {
    const { registry, codes } = openRegistry();
    registry.gauge({ name: 'whole', help: 'Whole.' }).set(1);
    const collect = () => {
      throw new Error('gone');
    };
    new promClient.Gauge({ name: 'broken', help: 'Broken.', collect, registers: [registry] });
    for (let scrape = 0; scrape < 2; scrape += 1)
      expect(await registry.expose({ names: ['broken', 'whole'] })).toBe('# HELP whole Whole.\n# TYPE whole gauge\nwhole 1\n');
    expect(codes()).toEqual(['TSK_ERR_METRIC_COLLECT']);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['values that are no list', { name: 'odd', help: 'Odd.', type: 'gauge', values: 5 }],
    [
      'a value that cannot be written',
      { name: 'odd', help: 'Odd.', type: 'gauge', values: [{ value: 1, labels: { a: Object.create(null) } }] },
    ],
  ])('one that gives %s costs itself, not the scrape', async (_, given) => {
    const { registry, codes } = openRegistry();
    registry.registerMetric(untyped({ name: 'odd', get: () => given }));
    registry.gauge({ name: 'whole', help: 'Whole.' }).set(1);
    const text = await registry.expose();
    expect(text.endsWith('whole 1\n')).toBe(true);
    parseStrictly(text);
    expect(codes()).toEqual(['TSK_ERR_METRIC_COLLECT']);
  });

  test('may have no values and no help', async () => {
    const { registry } = openRegistry();
    registry.registerMetric(untyped({ name: 'odd', get: () => ({ name: 'odd', type: 'gauge' }) }));
    expect(await registry.expose({ names: ['odd'] })).toBe('# HELP odd \n# TYPE odd gauge\n');
  });

  test('are reset with ours', async () => {
    const { registry } = openRegistry();
    new promClient.Counter({ name: 'theirs_total', help: 'Theirs.', registers: [registry] }).inc(2);
    registry.resetMetrics();
    expect(await linesOf(registry, 'theirs_total')).toEqual(['theirs_total 0']);
  });

  test("a histogram or summary of theirs keeps its samples' names to itself", () => {
    const { registry } = openRegistry();
    new promClient.Summary({ name: 'their_bytes', help: 'Bytes.', registers: [registry] });
    expect(thrownBy(() => registry.counter({ name: 'their_bytes_count', help: 'C.' })).code).toBe('TSK_ERR_METRIC_NAME_OVERLAP');
    expect(registry.counter({ name: 'their_bytes_bucket', help: 'C.' }).type).toBe('counter');
    new promClient.Histogram({ name: 'their_seconds', help: 'Seconds.', registers: [registry] });
    expect(thrownBy(() => registry.counter({ name: 'their_seconds_bucket', help: 'C.' })).code).toBe('TSK_ERR_METRIC_NAME_OVERLAP');
    registry.gauge({ name: 'late_sum', help: 'G.' });
    expect(thrownBy(() => new promClient.Histogram({ name: 'late', help: 'H.', registers: [registry] })).code).toBe(
      'TSK_ERR_METRIC_NAME_OVERLAP',
    );
  });
});

describe('processMetrics', () => {
  test('stand in several registries at once', async () => {
    const registries = [openRegistry().registry, openRegistry().registry];
    for (const registry of registries) for (const metric of processMetrics()) registry.registerMetric(metric);
    for (const registry of registries) {
      const names = parseStrictly(await registry.expose()).map(({ name }) => name);
      expect(names).toEqual(
        expect.arrayContaining(['process_cpu_seconds_total', 'nodejs_heap_size_used_bytes', 'nodejs_gc_duration_seconds']),
      );
    }
  });

  test('are made once: 100 registries start no further observers and collectors', () => {
    processMetrics();
    const observe = vi.spyOn(PerformanceObserver.prototype, 'observe');
    const resources = process.getActiveResourcesInfo().length;
    for (let index = 0; index < 100; index += 1) {
      const registry = new MetricsRegistry();
      for (const metric of processMetrics()) registry.registerMetric(metric);
    }
    expect(observe).not.toHaveBeenCalled();
    expect(process.getActiveResourcesInfo()).toHaveLength(resources);
    expect(processMetrics()).toEqual(processMetrics());
    observe.mockRestore();
  });

  test('leave out three gauges that are called as counters are', async () => {
    const { registry } = openRegistry();
    for (const metric of processMetrics()) registry.registerMetric(metric);
    const families = parseStrictly(await registry.expose());
    expect(families.filter(({ name, type }) => name.endsWith('_total') && type !== 'counter')).toEqual([]);
    expect(families.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['nodejs_active_handles', 'nodejs_active_requests', 'nodejs_active_resources']),
    );
  });

  test('belong to the process: resetting one registry leaves them alone', async () => {
    const { registry } = openRegistry();
    for (const metric of processMetrics()) registry.registerMetric(metric);
    const cpu = async () => Number((await linesOf(registry, 'process_cpu_seconds_total'))[0]?.split(' ')[1]);
    for (let round = 0; round < 1e6; round += 1) Math.sqrt(round);
    const before = await cpu();
    registry.resetMetrics();
    expect(before).toBeGreaterThan(0);
    expect(await cpu()).toBeGreaterThanOrEqual(before);
  });

  test('are not in snapshots', () => {
    const { registry } = openRegistry();
    for (const metric of processMetrics()) registry.registerMetric(metric);
    expect(registry.snapshot().metrics).toHaveLength(2);
  });
});
