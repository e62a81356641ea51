/** `InstrumentationProvider`: metrics of the application's own, whose creation is strict and whose recording never throws. */
import { InstrumentationProvider } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { describeError } from '../support/start.js';

function provide() {
  const reports: string[] = [];
  const registry = new MetricsRegistry({ onError: ({ code }) => reports.push(code) });
  return { registry, reports, provider: new InstrumentationProvider(registry) };
}

async function linesOf(registry: MetricsRegistry, ...names: string[]): Promise<string[]> {
  return (await registry.expose({ names })).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

function thrownBy(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    return describeError(error);
  }
  throw new Error('it did not throw');
}

describe('recordMetric', () => {
  test('adds to a counter that is made on first use', async () => {
    const { provider, registry } = provide();
    provider.recordMetric('orders_total');
    provider.recordMetric('orders_total', 4);
    provider.recordMetric('writes_total', 2, { table: 'orders', rows: 10, cached: false });
    provider.recordMetric('writes_total', 0.5, { cached: false, rows: 10, table: 'orders' });
    expect(await linesOf(registry, 'orders_total', 'writes_total')).toEqual([
      'orders_total 5',
      'writes_total{table="orders",rows="10",cached="false"} 2.5',
    ]);
  });

  test('adds to a counter that was made by name', async () => {
    const { provider, registry } = provide();
    const writes = provider.counter({ name: 'writes_total', help: 'Rows written.', labelNames: ['table'] });
    writes.inc({ table: 'orders' });
    provider.recordMetric('writes_total', 2, { table: 'orders' });
    expect(await linesOf(registry, 'writes_total')).toEqual(['writes_total{table="orders"} 3']);
    provider.recordMetric('writes_total', 2, { tabel: 'orders' });
    expect(await linesOf(registry, 'writes_total')).toEqual(['writes_total{table="orders"} 3']);
    expect(await linesOf(registry, 'metrics_invalid_values_total')).toEqual(['metrics_invalid_values_total{metric="writes_total"} 1']);
  });

  test.each<[string, unknown[]]>([
    ['a value that is not a number', ['x_total', Number.NaN]],
    ['an infinite value', ['x_total', Number.POSITIVE_INFINITY]],
    ['a negative value', ['x_total', -1]],
    ['a text for a value', ['x_total', '1']],
    ['a bigint', ['x_total', 1n]],
    ['no metric name', ['not a name', 1]],
    ['no label name', ['x_total', 1, { 'not-a-label': 1 }]],
    ['the name of a gauge', ['g', 1]],
    [
      'labels that throw',
      [
        'x_total',
        1,
        {
          get table() {
            throw new Error('mine');
          },
        },
      ],
    ],
    ['a label value that can’t be written', ['x_total', 1, { table: Object.create(null) }]],
    [
      'labels that are not an object of ours',
      [
        'x_total',
        1,
        new Proxy(
          {},
          {
            ownKeys() {
              throw new Error('mine');
            },
          },
        ),
      ],
    ],
  ])('refuses %s: counts it, and throws nothing', async (_, args) => {
    const { provider, registry } = provide();
    provider.gauge({ name: 'g', help: 'A gauge.' }).set(7);
    expect(() => Reflect.apply(provider.recordMetric, provider, args)).not.toThrow();
    const refused = await linesOf(registry, 'metrics_invalid_values_total');
    const counted = await linesOf(registry, 'x_total', 'g');
    // What can be written in some way may be recorded; what is not recorded is counted as refused.
    if (counted.some((line) => /^x_total.* 1$/.test(line))) expect(refused).toEqual([]);
    else expect(refused.map((line) => line.slice(-2))).toEqual([' 1']);
    expect(counted).toContain('g 7');
  });

  test('never throws, whatever it is given, and the scrape stays whole', async () => {
    const anything = fc.anything({
      withBigInt: true,
      withDate: true,
      withMap: true,
      withSet: true,
      withNullPrototype: true,
      withObjectString: true,
      withSparseArray: true,
    });
    const name = fc.oneof(
      fc.constantFrom('a_total', 'b_total', 'g', 'h', '__proto__', 'constructor', 'metrics_invalid_values_total'),
      fc.string(),
      anything,
    );
    const value = fc.oneof(fc.double(), fc.integer(), anything);
    const labels = fc.oneof(
      fc.dictionary(fc.oneof(fc.constantFrom('a', 'b', 'le', '__proto__'), fc.string()), fc.oneof(fc.string({ unit: 'binary' }), anything)),
      anything,
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(name, value, labels), { maxLength: 10 }), async (recordings) => {
        const { provider, registry } = provide();
        provider.gauge({ name: 'g', help: 'A gauge.', labelNames: ['a'] });
        provider.histogram({ name: 'h', help: 'A histogram.' });
        for (const args of recordings) Reflect.apply(provider.recordMetric, provider, args);
        provider.recordMetric('after_total', 2, { whole: 'yes' });
        const lines = (await registry.expose()).split('\n');
        expect(lines.filter((line) => line.startsWith('after_total'))).toEqual(['after_total{whole="yes"} 2']);
        for (const line of lines.filter((each) => each !== '' && !each.startsWith('#')))
          expect(line).toMatch(/^[a-zA-Z_:][\w:]*(\{.*\})? \S+$/s);
      }),
      { numRuns: 500 },
    );
  });
});

describe('summary, info and state set', () => {
  test('are made on first use, and the same from then on', async () => {
    const { provider, registry } = provide();
    const summary = { name: 's', help: 'S.', labelNames: ['a'], quantiles: [0.5] } as const;
    const info = { name: 'build_info', help: 'B.', labelNames: ['version'] } as const;
    const states = { name: 'door', help: 'D.', states: ['open', 'shut'] } as const;
    expect(provider.summary(summary)).toBe(registry.summary(summary));
    expect(provider.info(info)).toBe(registry.info(info));
    expect(provider.stateSet(states)).toBe(registry.stateSet(states));
    provider.summary(summary).observe({ a: 'x' }, 3);
    provider.info(info).set({ version: '1.0' });
    provider.stateSet(states).set('open');
    expect(await linesOf(registry, 's', 'build_info', 'door')).toEqual([
      's{a="x",quantile="0.5"} 3',
      's_sum{a="x"} 3',
      's_count{a="x"} 1',
      'build_info{version="1.0"} 1',
      'door{door="open"} 1',
      'door{door="shut"} 0',
    ]);
  });

  test('another shape is an error that names both', () => {
    const { provider } = provide();
    provider.info({ name: 'x_info', help: 'X.', labelNames: ['a'] });
    const failure = thrownBy(() => provider.summary({ name: 'x_info', help: 'X.', labelNames: ['a'] }));
    expect(failure).toMatch(/^TSK_ERR_METRIC_SHAPE: x_info exists as info \{a\} and was requested as summary \{a\}/);
  });

  test('labels and states are checked by types', () => {
    const { provider } = provide();
    const state = provider.stateSet({ name: 'door', help: 'D.', states: ['open', 'shut'] });
    expectTypeOf(state.set).toBeCallableWith('open');
    // @ts-expect-error no such state
    expect(() => state.set('ajar')).toThrow('open, shut');
    // @ts-expect-error no such label
    provider.info({ name: 'build_info', help: 'B.', labelNames: ['version'] }).set({ verison: '1' });
    // @ts-expect-error no such label
    provider.summary({ name: 's', help: 'S.', labelNames: ['a'] }).observe({ b: '1' }, 1);
  });
});

describe('counter, gauge and histogram', () => {
  test('are made on first use, and the same from then on', () => {
    const { provider, registry } = provide();
    const shape = { name: 'x_total', help: 'X.', labelNames: ['a', 'b'] } as const;
    expect(provider.counter(shape)).toBe(provider.counter({ ...shape, help: 'Other words.' }));
    expect(provider.counter(shape)).toBe(registry.counter(shape));
    expect(provider.gauge({ name: 'g', help: 'G.' })).toBe(provider.gauge({ name: 'g', help: 'G.' }));
    const buckets = [1, 2];
    expect(provider.histogram({ name: 'h', help: 'H.', buckets })).toBe(
      provider.histogram({ name: 'h', help: 'H.', buckets: [1, 2, Number.POSITIVE_INFINITY] }),
    );
  });

  test('another shape is an error that names both', () => {
    const { provider } = provide();
    provider.counter({ name: 'x', help: 'X.', labelNames: ['table'] });
    provider.histogram({ name: 'h', help: 'H.', buckets: [1, 2] });
    const conflict = (name: string, existing: string, asked: string) =>
      `TSK_ERR_METRIC_SHAPE: ${name} exists as ${existing} and was requested as ${asked}. Use the same shape everywhere, or a different name.`;
    expect(thrownBy(() => provider.gauge({ name: 'x', help: 'X.', labelNames: ['table'] }))).toBe(
      conflict('x', 'counter {table}', 'gauge {table}'),
    );
    expect(thrownBy(() => provider.counter({ name: 'x', help: 'X.', labelNames: ['table', 'zone'] }))).toBe(
      conflict('x', 'counter {table}', 'counter {table, zone}'),
    );
    expect(thrownBy(() => provider.counter({ name: 'x', help: 'X.' }))).toBe(conflict('x', 'counter {table}', 'counter without labels'));
    expect(thrownBy(() => provider.histogram({ name: 'h', help: 'H.', buckets: [1, 2, 3] }))).toBe(
      conflict('h', 'histogram without labels with buckets 1, 2', 'histogram without labels with buckets 1, 2, 3'),
    );
  });

  test.each<[string, (provider: InstrumentationProvider) => unknown, string]>([
    ['a name', (provider) => provider.counter({ name: 'no name', help: '' }), 'TSK_ERR_METRIC_NAME'],
    ['a label name', (provider) => provider.gauge({ name: 'g', help: '', labelNames: ['le'] }), 'TSK_ERR_METRIC_LABEL_NAME'],
    ['buckets', (provider) => provider.histogram({ name: 'h', help: '', buckets: [2, 1] }), 'TSK_ERR_METRIC_BUCKETS'],
  ])('are refused for %s', (_, make, code) => {
    expect(thrownBy(() => make(provide().provider))).toContain(code);
  });

  test('know their labels as types', () => {
    const { provider } = provide();
    const labelled = provider.counter({ name: 'x_total', help: 'X.', labelNames: ['table', 'operation'] });
    const plain = provider.gauge({ name: 'g', help: 'G.' });
    const rows = provider.histogram({ name: 'h', help: 'H.', labelNames: ['table'] });
    const calls = [
      () => labelled.inc({ table: 'a', operation: 'b' }),
      () => plain.set(1),
      () => rows.observe({ table: 'a' }, 1),
      // @ts-expect-error: a label that the metric does not have
      () => labelled.inc({ table: 'a', operations: 'b' }),
      // @ts-expect-error: a label is missing
      () => labelled.inc({ table: 'a' }),
      // @ts-expect-error: all labels are missing
      () => labelled.inc(),
      // @ts-expect-error: labels on a metric without any
      () => plain.set({ table: 'a' }, 1),
      // @ts-expect-error: a label value that is an object
      () => rows.observe({ table: {} }, 1),
      // @ts-expect-error: a histogram has no inc
      () => rows.inc,
      // @ts-expect-error: recordMetric takes numbers
      () => provider.recordMetric('x_total', '1'),
      // @ts-expect-error: and labels of texts, numbers and booleans
      () => provider.recordMetric('x_total', 1, { table: null }),
    ];
    for (const call of calls.slice(0, 3)) call();
    expect(calls).toHaveLength(11);
    expectTypeOf(provider.recordMetric).returns.toEqualTypeOf<void>();
  });
});
