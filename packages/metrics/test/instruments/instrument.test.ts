/** What every kind has in common: collect callbacks, `get()`. */
import { Counter } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { linesOf, openRegistry } from '../support/open-registry.js';

describe('collect', () => {
  test('is called at each scrape, with the metric as this', async () => {
    const { registry } = openRegistry();
    registry.gauge({
      name: 'queue_size',
      help: 'Items.',
      collect() {
        this.inc(2);
      },
    });
    expect(await linesOf(registry, 'queue_size')).toEqual(['queue_size 2']);
    expect(await linesOf(registry, 'queue_size')).toEqual(['queue_size 4']);
  });

  test('may be asynchronous', async () => {
    const { registry } = openRegistry();
    registry.counter({
      name: 'rows_total',
      help: 'Rows.',
      labelNames: ['table'],
      async collect() {
        await new Promise((resolve) => setImmediate(resolve));
        this.inc({ table: 'orders' }, 3);
      },
    });
    registry.histogram({
      name: 'sizes',
      help: 'Sizes.',
      buckets: [1],
      collect() {
        this.observe(5);
      },
    });
    expect(await registry.expose({ names: ['rows_total', 'sizes'] })).toBe(`# HELP rows_total Rows.
# TYPE rows_total counter
rows_total{table="orders"} 3
# HELP sizes Sizes.
# TYPE sizes histogram
sizes_bucket{le="1"} 0
sizes_bucket{le="+Inf"} 1
sizes_sum 5
sizes_count 1
`);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('database gone');
      },
    ],
    ['rejects', () => Promise.reject(new Error('database gone'))],
  ])('that %s costs its own metric and one report', async (_, collect) => {
    const { registry, errors } = openRegistry();
    registry.gauge({ name: 'broken', help: 'Broken.', collect });
    registry.counter({ name: 'whole_total', help: 'Whole.' }).inc();
    for (let scrape = 0; scrape < 3; scrape += 1) {
      const text = await registry.expose();
      expect(text).toContain('whole_total 1\n');
      expect(text).not.toContain('broken');
    }
    expect(errors.map(({ code, message, cause }) => ({ code, message, cause }))).toEqual([
      {
        code: 'TSK_ERR_METRIC_COLLECT',
        message: 'broken is missing from this scrape: reading it failed with Error: database gone. Fix the collect function of the metric.',
        cause: new Error('database gone'),
      },
    ]);
  });

  test('that throws something odd is reported all the same', async () => {
    const { registry, errors } = openRegistry();
    registry.gauge({ name: 'broken', help: 'Broken.', collect: () => Promise.reject(Object.create(null)) });
    await registry.expose();
    expect(errors[0]?.message).toContain('failed with an object.');
  });
});

describe('get()', () => {
  test('gives a labelled counter as plain objects, empty labels left out', async () => {
    const counter = new Counter({ registers: [], name: 'writes_total', help: 'Writes.', labelNames: ['table', 'operation'] });
    counter.inc({ table: 'orders', operation: '' }, 2);
    expect(await counter.get()).toEqual({
      name: 'writes_total',
      help: 'Writes.',
      type: 'counter',
      aggregator: 'sum',
      values: [{ labels: { table: 'orders' }, value: 2 }],
    });
  });

  test('gives a gauge with its aggregator, and calls collect', async () => {
    const { registry } = openRegistry();
    const gauge = registry.gauge({
      name: 'peak_bytes',
      help: 'Peak.',
      aggregator: 'max',
      collect() {
        this.set(7);
      },
    });
    expect(await gauge.get()).toEqual({
      name: 'peak_bytes',
      help: 'Peak.',
      type: 'gauge',
      aggregator: 'max',
      values: [{ labels: {}, value: 7 }],
    });
  });

  test('gives a histogram as cumulative buckets, sum and count', async () => {
    const { registry } = openRegistry();
    const histogram = registry.histogram({ name: 'rows', help: 'Rows.', buckets: [1, 10], labelNames: ['table'] });
    histogram.observe({ table: 'orders' }, 5);
    expect((await histogram.get()).values).toEqual([
      { metricName: 'rows_bucket', labels: { table: 'orders', le: 1 }, value: 0 },
      { metricName: 'rows_bucket', labels: { table: 'orders', le: 10 }, value: 1 },
      { metricName: 'rows_bucket', labels: { table: 'orders', le: '+Inf' }, value: 1 },
      { metricName: 'rows_sum', labels: { table: 'orders' }, value: 5 },
      { metricName: 'rows_count', labels: { table: 'orders' }, value: 1 },
    ]);
  });

  test('rejects where collect fails, as prom-client does', async () => {
    const { registry } = openRegistry();
    const gauge = registry.gauge({ name: 'broken', help: 'Broken.', collect: () => Promise.reject(new Error('database gone')) });
    await expect(gauge.get()).rejects.toThrow('database gone');
  });

  test('gives copies: what a caller does to them changes nothing', async () => {
    const counter = new Counter({ registers: [], name: 'writes_total', help: 'Writes.', labelNames: ['table'] });
    counter.inc({ table: 'orders' });
    const [sample] = (await counter.get()).values;
    Object.assign(sample as object, { value: 99 });
    Object.assign(sample?.labels as object, { table: 'changed' });
    expect((await counter.get()).values).toEqual([{ labels: { table: 'orders' }, value: 1 }]);
  });
});
