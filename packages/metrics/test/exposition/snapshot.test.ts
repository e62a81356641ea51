/** Snapshots: plain JSON that merges into exactly what one registry would have counted. */
import { type Aggregator, MetricsRegistry, type RegistrySnapshot } from '@tsukimi/metrics';
import fc from 'fast-check';
import { Counter as PromClientCounter } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { droppedLines, linesOf, openRegistry, thrownBy, untyped } from '../support/open-registry.js';

const throughJson = (registry: MetricsRegistry) => JSON.parse(JSON.stringify(registry.snapshot())) as RegistrySnapshot;

test('has this form', () => {
  const { registry } = openRegistry();
  registry.counter({ name: 'c_total', help: 'C.', labelNames: ['a', 'b'] }).inc({ a: '1', b: '' }, 2);
  registry.gauge({ name: 'g', help: 'G.', aggregator: 'max' }).set(5);
  registry.histogram({ name: 'h', help: 'H.', buckets: [1, 2] }).observe(1.5);
  new PromClientCounter({ name: 'theirs_total', help: 'Theirs.', registers: [registry] });
  const { version, metrics } = registry.snapshot();
  const createdSeconds = expect.any(Number);
  expect(version).toBe(1);
  const fine = Array.from({ length: 16 }, (_, index) => (index === 10 ? 1 : 0));
  expect(metrics.slice(2)).toEqual([
    { name: 'c_total', help: 'C.', type: 'counter', labelNames: ['a', 'b'], series: [{ labels: ['1', ''], value: 2, createdSeconds }] },
    { name: 'g', help: 'G.', type: 'gauge', labelNames: [], aggregator: 'max', series: [{ labels: [], value: 5 }] },
    {
      name: 'h',
      help: 'H.',
      type: 'histogram',
      labelNames: [],
      bounds: [1, 2],
      series: [{ labels: [], createdSeconds, count: 1, sum: 1.5, min: 1.5, max: 1.5, buckets: [0, 1, 0], zeros: 0, fineOffset: 0, fine }],
    },
  ]);
  expect(metrics.slice(0, 2).map(({ name }) => name)).toEqual(['metrics_series_dropped_total', 'metrics_invalid_values_total']);
});

test('is a copy', () => {
  const { registry } = openRegistry();
  const counter = registry.counter({ name: 'c_total', help: 'C.', labelNames: ['a'] });
  counter.inc({ a: '1' });
  const snapshot = registry.snapshot();
  const before = JSON.stringify(snapshot);
  counter.inc({ a: '1' });
  counter.inc({ a: '2' });
  expect(JSON.stringify(snapshot)).toBe(before);
});

describe('merge', () => {
  type Call = readonly [kind: 'counter' | 'histogram', label: string, value: number];
  const calls = fc.array(
    fc.tuple(fc.constantFrom('counter' as const, 'histogram' as const), fc.constantFrom('x', 'y', 'z'), fc.nat({ max: 1000 })),
    { maxLength: 50 },
  );

  function recorded(made: readonly Call[]): MetricsRegistry {
    const { registry } = openRegistry();
    const counter = registry.counter({ name: 'c_total', help: 'C.', labelNames: ['a'] });
    const histogram = registry.histogram({ name: 'h', help: 'H.', buckets: [10, 100], labelNames: ['a'] });
    for (const [kind, a, value] of made) {
      if (kind === 'counter') counter.inc({ a }, value);
      else histogram.observe({ a }, value);
    }
    return registry;
  }

  test('of two registries is what one would have counted, whichever way round', async () => {
    const sorted = async (registry: MetricsRegistry) => (await registry.expose()).split('\n').sort();
    await fc.assert(
      fc.asyncProperty(calls, calls, async (first, second) => {
        const merged = new MetricsRegistry();
        merged.merge(throughJson(recorded(second)));
        merged.merge(throughJson(recorded(first)));
        expect(await sorted(merged)).toEqual(await sorted(recorded([...first, ...second])));
      }),
      { numRuns: 50 },
    );
  });

  test('makes what is missing, with help, buckets and aggregator', async () => {
    const { registry } = openRegistry();
    registry.histogram({ name: 'h', help: 'Help.', buckets: [1], labelNames: ['a'] }).observe({ a: 'x' }, 5);
    registry.gauge({ name: 'g', help: 'G.', aggregator: 'max' });
    const merged = openRegistry().registry;
    merged.merge(throughJson(registry));
    expect(await merged.expose()).toBe(await registry.expose());
    expect(merged.gauge({ name: 'g', help: 'G.', aggregator: 'max' }).aggregator).toBe('max');
  });

  test('goes by label name, not by order', async () => {
    const [first, second] = [openRegistry().registry, openRegistry().registry];
    first.counter({ name: 'c_total', help: 'C.', labelNames: ['a', 'b'] }).inc({ a: 'A', b: 'B' });
    second.counter({ name: 'c_total', help: 'C.', labelNames: ['b', 'a'] }).inc({ a: 'A', b: 'B' }, 2);
    first.merge(throughJson(second));
    expect(await linesOf(first, 'c_total')).toEqual(['c_total{a="A",b="B"} 3']);
  });

  test.each<[Aggregator, string[]]>([
    ['sum', ['g{a="x"} 12', 'g{a="y"} 6']],
    ['max', ['g{a="x"} 9', 'g{a="y"} 6']],
    ['min', ['g{a="x"} -2', 'g{a="y"} 6']],
    ['first', ['g{a="x"} 5', 'g{a="y"} 6']],
    ['average', ['g{a="x"} 4', 'g{a="y"} 6']],
  ])('of gauges aggregated by %s', async (aggregator, lines) => {
    const merged = openRegistry().registry;
    for (const value of [5, -2, 9]) {
      const { registry } = openRegistry();
      const gauge = registry.gauge({ name: 'g', help: 'G.', aggregator, labelNames: ['a'] });
      gauge.set({ a: 'x' }, value);
      if (value === -2) gauge.set({ a: 'y' }, 6);
      merged.merge(throughJson(registry));
    }
    expect(await linesOf(merged, 'g')).toEqual(lines);
  });

  test.each<[Aggregator, string]>([
    ['sum', 'g 12'],
    ['max', 'g 9'],
    ['min', 'g 2'],
    ['first', 'g 2'],
    ['average', 'g 4'],
  ])('of gauges without labels aggregated by %s: a registry that had none counts for none', async (aggregator, line) => {
    const merged = openRegistry().registry;
    for (const value of [2, 9, 1]) {
      const { registry } = openRegistry();
      registry.gauge({ name: 'g', help: 'G.', aggregator }).set(aggregator === 'min' ? value + 1 : value);
      merged.merge(throughJson(registry));
    }
    expect(await linesOf(merged, 'g')).toEqual([line]);
  });

  test('leaves out gauges that are to be omitted', async () => {
    const { registry } = openRegistry();
    registry.gauge({ name: 'g', help: 'G.', aggregator: 'omit' }).set(5);
    const merged = openRegistry().registry;
    merged.merge(throughJson(registry));
    expect(merged.getSingleMetric('g')).toBeUndefined();
    merged.gauge({ name: 'g', help: 'G.', aggregator: 'omit' }).set(1);
    merged.merge(throughJson(registry));
    expect(await linesOf(merged, 'g')).toEqual(['g 1']);
  });

  test('carries infinities through JSON', async () => {
    const { registry } = openRegistry();
    const gauge = registry.gauge({ name: 'g', help: 'G.', aggregator: 'first', labelNames: ['a'] });
    gauge.set({ a: 'up' }, Number.POSITIVE_INFINITY);
    gauge.set({ a: 'down' }, Number.NEGATIVE_INFINITY);
    const merged = openRegistry().registry;
    merged.merge(throughJson(registry));
    expect(await linesOf(merged, 'g')).toEqual(['g{a="up"} +Inf', 'g{a="down"} -Inf']);
    merged.merge(throughJson(merged));
    expect(await linesOf(merged, 'g')).toEqual(['g{a="up"} +Inf', 'g{a="down"} -Inf']);
  });

  test('keeps the budget: overflow meets overflow, and what is new past it is counted', async () => {
    const full = () => {
      const opened = openRegistry({ maxSeriesPerMetric: 2 });
      const counter = opened.registry.counter({ name: 'c_total', help: 'C.', labelNames: ['a'] });
      return {
        ...opened,
        record: (values: readonly string[]) => {
          for (const a of values) counter.inc({ a });
        },
      };
    };
    const [first, second] = [full(), full()];
    first.record(['x', 'y', 'z']);
    second.record(['y', 'w', 'v', 'u']);
    first.registry.merge(throughJson(second.registry));
    expect(await linesOf(first.registry, 'c_total')).toEqual(['c_total{a="x"} 1', 'c_total{a="y"} 2', 'c_total{a="__overflow__"} 4']);
    // 1 of its own, 2 of the other, and w that found no room here.
    expect(await droppedLines(first.registry)).toEqual(['metrics_series_dropped_total{metric="c_total"} 4']);
  });

  test('with itself doubles', async () => {
    const registry = recorded([
      ['counter', 'x', 5],
      ['histogram', 'y', 50],
    ]);
    registry.merge(registry.snapshot());
    expect(await linesOf(registry, 'c_total')).toEqual(['c_total{a="x"} 10']);
    expect((await linesOf(registry, 'h')).at(-1)).toBe('h_count{a="y"} 2');
  });

  test('another shape is refused before anything is added', async () => {
    const [first, second] = [openRegistry().registry, openRegistry().registry];
    second.counter({ name: 'a_total', help: 'A.' }).inc();
    second.counter({ name: 'b', help: 'B.' }).inc();
    first.counter({ name: 'a_total', help: 'A.' }).inc();
    first.gauge({ name: 'b', help: 'B.' });
    expect(thrownBy(() => first.merge(throughJson(second)))).toMatchObject({
      code: 'TSK_ERR_METRIC_SHAPE',
      message: expect.stringContaining('b exists as gauge without labels and was requested as counter without labels.'),
    });
    expect(await linesOf(first, 'a_total')).toEqual(['a_total 1']);
  });
});

describe('what is not a snapshot', () => {
  const counter = { name: 'c_total', help: 'C.', type: 'counter', labelNames: ['a'], series: [{ labels: ['x'], value: 1 }] };
  const state = { labels: [], count: 1, sum: 1, min: 1, max: 1, buckets: [1, 0], zeros: 0, fineOffset: 0, fine: [1] };
  const histogram = { name: 'h', help: 'H.', type: 'histogram', labelNames: [], bounds: [1], series: [state] };
  const gauge = { name: 'g', help: 'G.', type: 'gauge', labelNames: [], aggregator: 'sum', series: [{ labels: [], value: 1 }] };
  const withMetric = (metric: unknown) => ({ version: 1, metrics: [counter, metric] });
  const withState = (change: object) => withMetric({ ...histogram, series: [{ ...state, ...change }] });

  test('the examples below differ from these, which merge', async () => {
    const { registry } = openRegistry();
    registry.merge(untyped({ version: 1, metrics: [counter, histogram, gauge] }));
    expect(await linesOf(registry, 'c_total')).toEqual(['c_total{a="x"} 1']);
  });

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a text', '{}'],
    ['another version', { version: 2, metrics: [] }],
    ['no metrics', { version: 1 }],
    ['metrics that are no list', { version: 1, metrics: {} }],
    ['a metric that is null', withMetric(null)],
    ['an unknown kind', withMetric({ ...counter, type: 'summary' })],
    ['a metric without a name', withMetric({ ...counter, name: undefined })],
    ['help that is not a text', withMetric({ ...counter, name: 'd', help: 5 })],
    ['label names that are no list', withMetric({ ...counter, name: 'd', labelNames: 'a' })],
    ['no series', withMetric({ ...counter, name: 'd', series: undefined })],
    ['a series without labels', withMetric({ ...counter, name: 'd', series: [{ value: 1 }] })],
    ['a label value that is not a text', withMetric({ ...counter, name: 'd', series: [{ labels: [5], value: 1 }] })],
    ['too few label values', withMetric({ ...counter, name: 'd', series: [{ labels: [], value: 1 }] })],
    ['a negative count', withMetric({ ...counter, name: 'd', series: [{ labels: ['x'], value: -1 }] })],
    ['a value that is no number', withMetric({ ...counter, name: 'd', series: [{ labels: ['x'], value: '1' }] })],
    ['a gauge value of null', withMetric({ ...gauge, series: [{ labels: [], value: null }] })],
    ['an unknown aggregator', withMetric({ ...gauge, aggregator: 'median' })],
    ['bounds that are no list', withMetric({ ...histogram, bounds: 5 })],
    ['too few buckets', withState({ buckets: [1] })],
    ['buckets that are no numbers', withState({ buckets: ['1', 0] })],
    ['a negative bucket', withState({ buckets: [-1, 2] })],
    ['no fine buckets', withState({ fine: undefined })],
    ['a fine offset beyond the range', withState({ fineOffset: 1e9 })],
    ['a fine offset below the range', withState({ fineOffset: -1e9 })],
    ['a fine offset between two buckets', withState({ fineOffset: 0.5 })],
    ['more fine buckets than there are', withState({ fine: Array.from({ length: 5000 }, () => 1) })],
    ['a sum that is no number', withState({ sum: null })],
    ['a minimum that is no number', withState({ min: '1' })],
    ['values without a minimum', withState({ min: null })],
    ['a count that is not a whole number', withState({ count: 1.5 })],
    ['a count that its buckets contradict', withState({ count: 2 })],
  ])('%s is refused, and nothing is added', async (_, snapshot) => {
    const { registry } = openRegistry();
    const error = thrownBy(() => registry.merge(untyped(snapshot)));
    expect(error).toMatchObject({ code: 'TSK_ERR_METRIC_SNAPSHOT', message: expect.stringContaining("The snapshot can't be merged: ") });
    expect(await linesOf(registry, 'c_total')).toEqual([]);
  });

  test.each<[string, unknown, string]>([
    ['a broken name', { ...counter, name: '1a' }, 'TSK_ERR_METRIC_NAME'],
    ['a broken label name', { ...counter, name: 'd', labelNames: ['le'] }, 'TSK_ERR_METRIC_LABEL_NAME'],
    ['broken bounds', { ...histogram, bounds: [2, 1], series: [] }, 'TSK_ERR_METRIC_BUCKETS'],
  ])('%s is refused as where a metric is made', async (_, metric, code) => {
    const { registry } = openRegistry();
    expect(thrownBy(() => registry.merge(untyped(withMetric(metric)))).code).toBe(code);
    expect(await linesOf(registry, 'c_total')).toEqual([]);
  });
});
