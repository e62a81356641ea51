/** What every kind has in common: collect callbacks, `get()`, growing label names. */
import { Counter, type Instrument } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { invalidLines, linesOf, openRegistry, untyped } from '../support/open-registry.js';

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
        message: 'broken is missing from this scrape: reading it failed with Error: database gone. Mend its collect function.',
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
    const counter = new Counter({ name: 'writes_total', help: 'Writes.', labelNames: ['table', 'operation'] });
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
    const counter = new Counter({ name: 'writes_total', help: 'Writes.', labelNames: ['table'] });
    counter.inc({ table: 'orders' });
    const [sample] = (await counter.get()).values;
    Object.assign(sample as object, { value: 99 });
    Object.assign(sample?.labels as object, { table: 'changed' });
    expect((await counter.get()).values).toEqual([{ labels: { table: 'orders' }, value: 1 }]);
  });
});

describe('further label names', () => {
  const growing = () => {
    const opened = openRegistry();
    const counter = opened.registry.counter<string>({ name: 'writes_total', help: 'Writes.', labelNames: ['table'] });
    const record = (labels: Record<string, string>) => {
      if ((counter as unknown as Instrument).extendLabelNames(labels)) counter.inc(labels);
    };
    return { ...opened, counter, record };
  };

  test('are empty in the series that exist, which go on counting', async () => {
    const { registry, counter, record } = growing();
    const held = counter.labels('orders');
    record({ table: 'orders' });
    await linesOf(registry, 'writes_total');
    record({ table: 'orders', operation: 'insert' });
    record({ table: 'orders' });
    held.inc();
    expect(counter.labelNames).toEqual(['table', 'operation']);
    expect(await linesOf(registry, 'writes_total')).toEqual([
      'writes_total{table="orders"} 3',
      'writes_total{table="orders",operation="insert"} 1',
    ]);
  });

  test('on a metric that had none', async () => {
    const { registry } = openRegistry();
    const counter = registry.counter<string>({ name: 'writes_total', help: 'Writes.' });
    counter.inc(untyped(2));
    (counter as unknown as Instrument).extendLabelNames({ table: 'orders' });
    counter.inc({ table: 'orders' });
    counter.inc(untyped(1));
    expect(await linesOf(registry, 'writes_total')).toEqual(['writes_total 3', 'writes_total{table="orders"} 1']);
  });

  test.each(['le', 'quantile', '__name__', '1st', 'a-b', '', 'ä'])('%j is refused, nothing is recorded, and no other name is taken', async (name) => {
    const { registry, counter, record, codes } = growing();
    record({ fine: 'x', [name]: 'y' });
    record({ fine: 'x', [name]: 'y' });
    expect(counter.labelNames).toEqual(['table']);
    expect(await linesOf(registry, 'writes_total')).toEqual([]);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="writes_total"} 2']);
    expect(codes()).toEqual(['TSK_ERR_METRIC_LABEL_NAME']);
  });

  test('end at 32: label names are not data', async () => {
    const { registry, counter, record, codes } = growing();
    for (let index = 1; index < 40; index += 1) record({ [`label_${index}`]: 'x' });
    expect(counter.labelNames).toHaveLength(32);
    expect(await linesOf(registry, 'writes_total')).toHaveLength(31);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="writes_total"} 8']);
    expect(codes()).toEqual(['TSK_ERR_METRIC_LABEL_COUNT']);
  });

  test('reach the overflow series too', async () => {
    const { registry } = openRegistry({ maxSeriesPerMetric: 1 });
    const counter = registry.counter<string>({ name: 'writes_total', help: 'Writes.', labelNames: ['table'] });
    for (const table of ['a', 'b', 'c']) counter.inc({ table });
    (counter as unknown as Instrument).extendLabelNames({ table: 'a', operation: 'insert' });
    counter.inc({ table: 'a', operation: 'insert' });
    counter.inc({ table: 'a' });
    expect(await linesOf(registry, 'writes_total')).toEqual([
      'writes_total{table="a"} 2',
      'writes_total{table="__overflow__",operation="__overflow__"} 3',
    ]);
  });
});
