/** Reading a registry: one form for every kind of metric, and for prom-client's. */
import { BUCKETS_PER_OCTAVE, type MetricFamily, type MetricsRegistry, numberOf } from '@tsukimi/metrics';
import * as promClient from 'prom-client';
import { describe, expect, test } from 'vitest';
import { millisecondWithEachReading } from '../support/counted-clock.js';
import { openRegistry, untyped } from '../support/open-registry.js';

/** The families of a registry, without those about itself. */
async function familiesOf(registry: MetricsRegistry): Promise<MetricFamily[]> {
  const families: MetricFamily[] = [];
  for await (const family of registry.read()) if (!family.name.startsWith('metrics_')) families.push(family);
  return families;
}

const createdSeconds = expect.any(Number);

test('every kind, with default labels', async () => {
  const { registry } = openRegistry({ defaultLabels: { env: 'test', a: 'default' } });
  registry.counter({ name: 'c_total', help: 'C.', labelNames: ['a', 'b'] }).inc({ a: 'x', b: '' }, 2, { exemplar: { trace_id: '7' } });
  registry.gauge({ name: 'g_bytes', help: 'G.', aggregator: 'max' }).set(Number.NEGATIVE_INFINITY);
  const histogram = registry.histogram({ name: 'h_seconds', help: 'H.', buckets: [1, 10] });
  histogram.observe(0);
  histogram.observe(2, { exemplar: { trace_id: '8' } });
  const summary = registry.summary({ name: 's', help: 'S.', quantiles: [0.5] });
  registry.info({ name: 'i_info', help: 'I.', labelNames: ['v'] }).set({ v: '1' });
  registry.stateSet({ name: 'st', help: 'S.', states: ['on', 'off'] }).set('on');
  const labels = { a: 'default', env: 'test' };
  const exemplar = (id: string, value: number) => ({ labels: { trace_id: id }, value, timestampSeconds: expect.any(Number) });
  expect(await familiesOf(registry)).toEqual([
    {
      type: 'counter',
      name: 'c_total',
      help: 'C.',
      points: [{ labels: { a: 'x', env: 'test' }, value: 2, createdSeconds, exemplar: exemplar('7', 2) }],
    },
    { type: 'gauge', name: 'g_bytes', help: 'G.', unit: 'bytes', aggregator: 'max', points: [{ labels, value: '-Inf' }] },
    {
      type: 'histogram',
      name: 'h_seconds',
      help: 'H.',
      unit: 'seconds',
      bounds: [1, 10],
      points: [
        {
          labels,
          createdSeconds,
          count: 2,
          sum: 2,
          buckets: [1, 1, 0],
          fine: { zeros: 1, offset: 16, counts: [1] },
          exemplars: [null, exemplar('8', 2), null],
        },
      ],
    },
    {
      type: 'summary',
      name: 's',
      help: 'S.',
      points: [{ labels, createdSeconds, count: 0, sum: 0, quantiles: [{ quantile: 0.5, value: 'NaN' }] }],
    },
    { type: 'info', name: 'i_info', help: 'I.', points: [{ labels: { ...labels, v: '1' } }] },
    { type: 'stateset', name: 'st', help: 'S.', states: ['on', 'off'], points: [{ labels, active: ['on'] }] },
  ]);
  expect(summary.series.length).toBe(1);
});

test('the fine bucket of a value is the one of its exponent', async () => {
  const { registry } = openRegistry();
  registry.histogram({ name: 'h', help: 'H.' }).observe(5);
  const [family] = await familiesOf(registry);
  const point = family?.type === 'histogram' ? family.points[0] : undefined;
  const index = (point?.fine?.offset ?? 0) + (point?.fine?.counts.indexOf(1) ?? 0);
  expect(2 ** ((index - 1) / BUCKETS_PER_OCTAVE)).toBeLessThan(5);
  expect(2 ** (index / BUCKETS_PER_OCTAVE)).toBeGreaterThanOrEqual(5);
});

test('what was read does not change later', async () => {
  const { registry } = openRegistry();
  const histogram = registry.histogram({ name: 'h', help: 'H.' });
  histogram.observe(2);
  const families = await familiesOf(registry);
  const before = structuredClone(families);
  histogram.observe(2);
  expect(families).toEqual(before);
});

test('names choose metrics', async () => {
  const { registry } = openRegistry();
  registry.gauge({ name: 'a', help: 'A.' });
  registry.histogram({ name: 'b', help: 'B.' });
  const names: string[] = [];
  for await (const { name } of registry.read({ names: ['b_sum'] })) names.push(name);
  expect(names).toEqual(['b']);
});

test('collect functions run, and one that fails costs its metric only', async () => {
  const { registry, errors } = openRegistry();
  registry.gauge({
    name: 'good',
    help: 'G.',
    collect() {
      this.set(3);
    },
  });
  registry.gauge({
    name: 'bad',
    help: 'B.',
    collect() {
      throw new Error('no');
    },
  });
  expect((await familiesOf(registry)).map(({ name, points }) => [name, points])).toEqual([['good', [{ labels: {}, value: 3 }]]]);
  expect(errors.map(({ code }) => code)).toEqual(['TSK_ERR_METRIC_COLLECT']);
});

describe("prom-client's", () => {
  test('kinds', async () => {
    const { registry } = openRegistry({ defaultLabels: { env: 'test' } });
    const registers = [registry];
    new promClient.Counter({ name: 'c_total', help: 'C.', labelNames: ['l'], registers }).inc({ l: 'x' }, 2);
    new promClient.Gauge({ name: 'g', help: 'G.', registers }).set(Number.NaN);
    const histogram = new promClient.Histogram({ name: 'h_seconds', help: 'H.', labelNames: ['l'], buckets: [1, 10], registers });
    histogram.observe({ l: 'x' }, 0.5);
    histogram.observe({ l: 'x' }, 20);
    new promClient.Summary({ name: 's', help: 'S.', percentiles: [0.5], registers }).observe(4);
    const labels = { env: 'test' };
    expect(await familiesOf(registry)).toEqual([
      { type: 'counter', name: 'c_total', help: 'C.', points: [{ labels: { l: 'x', ...labels }, value: 2 }] },
      { type: 'gauge', name: 'g', help: 'G.', aggregator: 'sum', points: [{ labels, value: 'NaN' }] },
      {
        type: 'histogram',
        name: 'h_seconds',
        help: 'H.',
        unit: 'seconds',
        bounds: [1, 10],
        points: [{ labels: { l: 'x', ...labels }, count: 2, sum: 20.5, buckets: [1, 0, 1] }],
      },
      { type: 'summary', name: 's', help: 'S.', points: [{ labels, count: 1, sum: 4, quantiles: [{ quantile: 0.5, value: 4 }] }] },
    ]);
  });

  const custom = (type: string, values: object[]) => ({
    name: 'x',
    help: 'X.',
    type,
    get: async () => ({ name: 'x', help: 'X.', type, values }),
    reset() {},
  });

  test('other types, and samples of other names', async () => {
    const { registry } = openRegistry();
    registry.registerMetric(
      untyped(
        custom('gaugehistogram', [
          { metricName: 'x_bucket', labels: { le: '+Inf' }, value: 3 },
          { metricName: 'x_bucket', labels: { le: 2 }, value: 1 },
          { metricName: 'x_gcount', labels: {}, value: 3 },
          { metricName: 'x_gsum', labels: {}, value: 7 },
          { metricName: 'x_other', labels: {}, value: 5 },
        ]),
      ),
    );
    expect(await familiesOf(registry)).toEqual([
      { type: 'gaugehistogram', name: 'x', help: 'X.', bounds: [2], points: [{ labels: {}, count: 3, sum: 7, buckets: [1, 2] }] },
      { type: 'untyped', name: 'x_other', help: 'X.', points: [{ labels: {}, value: 5 }] },
    ]);
    registry.removeSingleMetric('x');
    registry.registerMetric(untyped(custom('unknown', [{ labels: { a: 1 }, value: Number.POSITIVE_INFINITY }])));
    expect(await familiesOf(registry)).toEqual([
      { type: 'untyped', name: 'x', help: 'X.', points: [{ labels: { a: '1' }, value: '+Inf' }] },
    ]);
  });

  test('a broken one is left out and reported', async () => {
    const { registry, errors } = openRegistry();
    registry.registerMetric(untyped(custom('histogram', [{ metricName: 'x_count', labels: {}, value: -1 }])));
    expect(await familiesOf(registry)).toEqual([]);
    expect(errors.map(({ code }) => code)).toEqual(['TSK_ERR_METRIC_COLLECT']);
  });
});

test('values that JSON does not have', () => {
  expect([numberOf(3), numberOf('+Inf'), numberOf('-Inf'), numberOf('NaN')]).toEqual([
    3,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ]);
});

test('10,000 series do not stall the event loop', async () => {
  const { registry } = openRegistry({ maxSeriesPerMetric: 10_000 });
  const histogram = registry.histogram({ name: 'h', help: 'H.', labelNames: ['l'] });
  for (let index = 0; index < 10_000; index += 1) histogram.observe({ l: String(index) }, index);
  let turns = 0;
  let isDone = false;
  const turn = (): void => {
    turns += 1;
    if (!isDone) setImmediate(turn);
  };
  turn();
  using _ = millisecondWithEachReading();
  const families = await familiesOf(registry);
  isDone = true;
  expect(families[0]?.points.length).toBe(10_000);
  expect(turns).toBeGreaterThan(3);
});
