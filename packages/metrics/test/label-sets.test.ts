/** Label sets: which are equal, which are not, what odd values become, and the budget that bounds them. */
import { MAX_LABEL_VALUE_LENGTH, type MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { collectGarbage } from './support/collect-garbage.js';
import { droppedLines, invalidLines, linesOf, openRegistry, thrownBy, untyped } from './support/open-registry.js';

function counting(labelNames: readonly string[], options = {}) {
  const opened = openRegistry(options);
  const counter = opened.registry.counter<string>({ name: 'c_total', help: 'C.', labelNames });
  return { ...opened, counter, lines: () => linesOf(opened.registry, 'c_total') };
}

describe('which label sets are equal', () => {
  test('values that look like separators stay apart', async () => {
    const { counter, lines } = counting(['a', 'b']);
    counter.inc({ a: '1,b:2', b: '' });
    counter.inc({ a: '1', b: '2' });
    counter.inc({ a: '1,b:2' });
    counter.inc({ a: '1', b: '2,' });
    counter.inc({ a: '', b: '1,b:2' });
    counter.inc({ a: '1","b="2' });
    expect(await lines()).toEqual([
      'c_total{a="1,b:2"} 2',
      'c_total{a="1",b="2"} 1',
      'c_total{a="1",b="2,"} 1',
      'c_total{b="1,b:2"} 1',
      'c_total{a="1\\",\\"b=\\"2"} 1',
    ]);
  });

  test('a missing label is an empty one, which is absent', async () => {
    const { counter, lines } = counting(['a', 'b']);
    counter.inc({ a: '1' });
    counter.inc({ a: '1', b: '' });
    counter.inc({ a: '1', b: untyped(undefined) });
    counter.inc({ a: '1', b: untyped(null) });
    counter.labels({ a: '1' }).inc();
    counter.labels('1', '').inc();
    expect(await lines()).toEqual(['c_total{a="1"} 6']);
    counter.inc({});
    expect(await lines()).toEqual(['c_total{a="1"} 6', 'c_total 1']);
  });

  test('numbers, booleans and bigints are their texts', async () => {
    const { counter, lines } = counting(['a']);
    for (const a of ['200', 200, untyped<string>(200n), 'true', true, 0, '0', -0, untyped<string>([0])]) counter.inc({ a });
    counter.labels(untyped<string>(200)).inc();
    expect(await lines()).toEqual(['c_total{a="200"} 4', 'c_total{a="true"} 2', 'c_total{a="0"} 4']);
  });

  test('two random label sets lead to one series only where they are equal', () => {
    const value = fc.oneof(fc.constantFrom('', '1', ',', '":'), fc.string({ unit: 'binary', maxLength: 3 }));
    const labels = fc.record({ a: value, b: value });
    fc.assert(
      fc.property(fc.array(labels, { maxLength: 10 }), (sets) => {
        const { counter } = counting(['a', 'b']);
        for (const set of sets) counter.inc(set);
        const expected = new Map<string, number>();
        for (const { a, b } of sets) {
          const key = JSON.stringify([a.toWellFormed(), b.toWellFormed()]);
          expected.set(key, (expected.get(key) ?? 0) + 1);
        }
        expect(counter.series.map(({ labelValues, value }) => [JSON.stringify(labelValues), value])).toEqual([...expected]);
      }),
    );
  });

  test('a labels object changed after use changes nothing', async () => {
    const { counter, lines } = counting(['a']);
    const labels = { a: '1' };
    counter.inc(labels);
    const series = counter.labels(labels);
    labels.a = '2';
    series.inc();
    counter.inc(labels);
    expect(await lines()).toEqual(['c_total{a="1"} 2', 'c_total{a="2"} 1']);
  });

  test('any number of labels', async () => {
    const names = Array.from({ length: 30 }, (_, index) => `l${index}`);
    const { counter, lines } = counting(names);
    const labels = Object.fromEntries(names.map((name, index) => [name, index]));
    counter.inc(labels);
    counter.inc(Object.fromEntries(Object.entries(labels).reverse()));
    expect(await lines()).toEqual([`c_total{${names.map((name, index) => `${name}="${index}"`).join(',')}} 2`]);
  });
});

describe('labels a metric does not have', () => {
  test('are refused, counted and reported once', async () => {
    const { registry, counter, lines, errors } = counting(['a']);
    counter.inc(untyped({ a: '1', b: '2' }));
    counter.inc(untyped({ b: '2' }));
    counter.inc(untyped({ c: '2' }));
    expect(await lines()).toEqual([]);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="c_total"} 3']);
    expect(errors.map(({ message }) => message)).toEqual([
      'c_total: label "b" is not one of its labels (a); the value was not recorded. Add the label to labelNames, or remove it from the call. Refused values are counted in metrics_invalid_values_total.',
    ]);
  });

  test('are refused where the series without them exists', async () => {
    const { registry, counter, lines } = counting(['a', 'b']);
    counter.inc({ a: '1' });
    counter.inc(untyped({ a: '1', typo: '2' }));
    expect(await lines()).toEqual(['c_total{a="1"} 1']);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="c_total"} 1']);
  });

  test('are refused on a metric without labels', async () => {
    const { registry, counter, lines } = counting([]);
    counter.inc(untyped({ a: '1' }));
    counter.inc(untyped({}));
    expect(await lines()).toEqual(['c_total 1']);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="c_total"} 1']);
  });

  test('an own __proto__ is one', async () => {
    const { registry, counter, lines } = counting(['a']);
    counter.inc(JSON.parse('{"a":"1","__proto__":"2"}'));
    expect(await lines()).toEqual([]);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="c_total"} 1']);
  });
});

describe('label names that every object has', () => {
  test('constructor, toString and valueOf are ordinary', async () => {
    const { counter, lines } = counting(['constructor', 'toString', 'valueOf']);
    counter.inc({ constructor: 'a', toString: 'b', valueOf: 'c' });
    counter.inc({ constructor: 'a' });
    counter.inc(untyped({}));
    counter.labels({ toString: 'b' }).inc();
    expect(await lines()).toEqual([
      'c_total{constructor="a",toString="b",valueOf="c"} 1',
      'c_total{constructor="a"} 1',
      'c_total 1',
      'c_total{toString="b"} 1',
    ]);
    expect((await counter.get()).values[1]).toEqual({ labels: { constructor: 'a' }, value: 1 });
  });

  test('objects without a prototype and with getters are label sets too', async () => {
    const { counter, lines } = counting(['a']);
    counter.inc(Object.assign(Object.create(null), { a: '1' }));
    counter.inc({
      get a() {
        return '1';
      },
    });
    expect(await lines()).toEqual(['c_total{a="1"} 2']);
  });
});

describe('odd label values', () => {
  test.each<[string, unknown, string]>([
    ['a symbol', Symbol('s'), 'c_total{a="Symbol(s)"} 1'],
    ['an object', {}, 'c_total{a="[object Object]"} 1'],
    ['an object that writes itself', { toString: () => 'me' }, 'c_total{a="me"} 1'],
    ['NaN', Number.NaN, 'c_total{a="NaN"} 1'],
    ['a function', () => 'secret', 'c_total 1'],
    ['a lone surrogate', 'a\ud800b', 'c_total{a="a\ufffdb"} 1'],
    ['a pair of surrogates', '\u{1f315}', 'c_total{a="\u{1f315}"} 1'],
    ['NUL and control characters', '\0\r\t', 'c_total{a="\0\r\t"} 1'],
    ['quotes, backslashes and line feeds', '"\\\n', 'c_total{a="\\"\\\\\\n"} 1'],
    ['a byte order mark', '\ufeffa', 'c_total{a="\ufeffa"} 1'],
  ])('%s', async (_, value, line) => {
    const { counter, lines, errors } = counting(['a']);
    counter.inc({ a: untyped(value) });
    expect(await lines()).toEqual([line]);
    expect(errors).toEqual([]);
  });

  test.each<[string, unknown]>([
    ['without a prototype', Object.create(null)],
    [
      'whose toString throws',
      {
        toString: () => {
          throw new Error('mine');
        },
      },
    ],
    ['whose toString gives an object', { toString: () => ({}) }],
  ])('an object %s is refused where it is recorded and thrown where it is bound', async (_, value) => {
    const { registry, counter, lines, codes } = counting(['a']);
    counter.inc({ a: untyped(value) });
    counter.inc({ a: untyped(value) });
    expect(await lines()).toEqual([]);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="c_total"} 2']);
    expect(codes()).toEqual(['TSK_ERR_METRIC_LABEL_UNREADABLE']);
    const error = thrownBy(() => counter.labels({ a: untyped(value) }));
    expect(error).toMatchObject({ code: 'TSK_ERR_METRIC_LABEL_UNREADABLE', message: expect.stringContaining('c_total') });
    expect(thrownBy(() => counter.remove({ a: untyped(value) })).message).toContain('c_total');
  });

  test('a getter that throws costs the recording, not the caller', async () => {
    const { registry, counter, codes } = counting(['a']);
    counter.inc({
      get a(): string {
        throw new Error('mine');
      },
    });
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="c_total"} 1']);
    expect(codes()).toEqual(['TSK_ERR_METRIC_LABEL_UNREADABLE']);
  });

  test('long values are cut at a whole character, and stay one series', async () => {
    const { counter } = counting(['a']);
    const long = `${'x'.repeat(MAX_LABEL_VALUE_LENGTH - 1)}\u{1f315}`;
    counter.inc({ a: long });
    counter.inc({ a: long });
    counter.labels(long).inc();
    expect(counter.series.map(({ labelValues, value }) => [labelValues[0], value])).toEqual([
      [`${'x'.repeat(MAX_LABEL_VALUE_LENGTH - 1)}\ufffd`, 3],
    ]);
    counter.remove(long);
    expect(counter.series).toEqual([]);
  });

  test('a series keeps its label value alone, not the 10 MB text it was cut from', () => {
    const { counter } = counting(['a']);
    const before = collectGarbage();
    for (let index = 0; index < 20; index += 1) counter.inc({ a: `${index}${'x'.repeat(10_000_000)}` });
    for (let index = 0; index < 100; index += 1) {
      const request = `/users/${index}/${'y'.repeat(1_000_000)}`;
      counter.inc({ a: request.slice(1, 50 + index) });
    }
    expect(counter.series).toHaveLength(120);
    expect(collectGarbage() - before).toBeLessThan(20_000_000);
  });
});

describe('the series budget', () => {
  const withBudget = (maxSeriesPerMetric: number) => counting(['a', 'b'], { maxSeriesPerMetric });

  test('past it everything goes to __overflow__, budgeted series stay exact, each recording past it is counted, one is reported', async () => {
    const { registry, counter, lines, errors } = withBudget(2);
    for (const a of ['x', 'y', 'z', 'x', 'z', 'w']) counter.inc({ a, b: '1' }, 10);
    expect(await lines()).toEqual(['c_total{a="x",b="1"} 20', 'c_total{a="y",b="1"} 10', 'c_total{a="__overflow__",b="__overflow__"} 30']);
    expect(await droppedLines(registry)).toEqual(['metrics_series_dropped_total{metric="c_total"} 3']);
    expect(errors.map(({ code, message }) => [code, message])).toEqual([
      [
        'TSK_ERR_METRIC_SERIES_BUDGET',
        'c_total has reached its limit of 2 series; further label sets share the series __overflow__ and are counted in metrics_series_dropped_total. Use labels with few values, or raise metrics.max_series_per_metric.',
      ],
    ]);
  });

  test('labels() past it gives the overflow series', () => {
    const { counter } = withBudget(1);
    counter.inc({ a: 'x', b: '1' });
    const held = counter.labels('y', '1');
    held.inc(5);
    expect(held).toBe(counter.labels('z', '1'));
    expect(held.labelValues).toEqual(['__overflow__', '__overflow__']);
  });

  test('a metric without labels has its one series', async () => {
    const { registry, counter, lines } = counting([], { maxSeriesPerMetric: 1 });
    counter.inc(untyped(3));
    expect(await lines()).toEqual(['c_total 3']);
    expect(await droppedLines(registry)).toEqual([]);
  });

  test('after remove() there is room again', async () => {
    const { registry, counter, lines } = withBudget(2);
    for (const a of ['x', 'y', 'z']) counter.inc({ a, b: '1' });
    counter.remove('x', '1');
    counter.inc({ a: 'w', b: '1' });
    counter.inc({ a: 'v', b: '1' });
    expect(await lines()).toEqual(['c_total{a="y",b="1"} 1', 'c_total{a="__overflow__",b="__overflow__"} 2', 'c_total{a="w",b="1"} 1']);
    expect(await droppedLines(registry)).toEqual(['metrics_series_dropped_total{metric="c_total"} 2']);
  });

  test('the overflow series can be removed, and comes back', async () => {
    const { counter, lines } = withBudget(1);
    for (const a of ['x', 'y']) counter.inc({ a, b: '1' });
    counter.remove('__overflow__', '__overflow__');
    expect(await lines()).toEqual(['c_total{a="x",b="1"} 1']);
    counter.inc({ a: 'y', b: '1' });
    expect(await lines()).toEqual(['c_total{a="x",b="1"} 1', 'c_total{a="__overflow__",b="__overflow__"} 1']);
    counter.reset();
    counter.inc({ a: 'y', b: '1' });
    expect(await lines()).toEqual(['c_total{a="y",b="1"} 1']);
  });

  test('a label set that is called __overflow__ is not exposed twice', async () => {
    const { registry, counter, lines } = withBudget(2);
    counter.inc({ a: '__overflow__', b: '__overflow__' });
    for (const a of ['x', 'y', 'z']) counter.inc({ a, b: '1' });
    counter.inc({ a: '__overflow__', b: '__overflow__' });
    expect(await lines()).toEqual(['c_total{a="__overflow__",b="__overflow__"} 3', 'c_total{a="x",b="1"} 1', 'c_total{a="y",b="1"} 1']);
    expect(await droppedLines(registry)).toEqual(['metrics_series_dropped_total{metric="c_total"} 1']);
  });

  test('200,000 label sets take no more memory than the budget', async () => {
    const { registry, counter } = withBudget(500);
    const flood = (from: number) => {
      for (let index = from; index < from + 100_000; index += 1) counter.inc({ a: `user-${index}`, b: 'x' });
    };
    flood(0);
    const after100k = collectGarbage();
    flood(100_000);
    expect(collectGarbage() - after100k).toBeLessThan(1_000_000);
    expect(counter.series).toHaveLength(501);
    expect(counter.labels('__overflow__', '__overflow__').value).toBe(199_500);
    expect(counter.series.slice(0, 500).every(({ value }) => value === 1)).toBe(true);
    expect(await droppedLines(registry)).toEqual(['metrics_series_dropped_total{metric="c_total"} 199500']);
  });

  test('holds for the self metrics too', async () => {
    const { registry, codes } = openRegistry({ maxSeriesPerMetric: 2 });
    const overflow = (name: string) => {
      const counter = registry.counter({ name, help: 'C.', labelNames: ['a'] });
      for (const a of ['1', '2', '3']) counter.inc({ a });
      counter.inc({ a: '1' }, Number.NaN);
    };
    for (const name of ['a_total', 'b_total', 'c_total', 'd_total']) overflow(name);
    expect(await droppedLines(registry)).toEqual([
      'metrics_series_dropped_total{metric="a_total"} 1',
      'metrics_series_dropped_total{metric="b_total"} 1',
      // c_total, d_total, and twice metrics_invalid_values_total.
      'metrics_series_dropped_total{metric="__overflow__"} 4',
    ]);
    expect(await invalidLines(registry)).toEqual([
      'metrics_invalid_values_total{metric="a_total"} 1',
      'metrics_invalid_values_total{metric="b_total"} 1',
      'metrics_invalid_values_total{metric="__overflow__"} 2',
    ]);
    expect(codes().filter((code) => code === 'TSK_ERR_METRIC_SERIES_BUDGET')).toHaveLength(6);
    expect(codes().filter((code) => code === 'TSK_ERR_METRIC_VALUE')).toHaveLength(4);
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, '2000', null])('%j is not a budget', (budget) => {
    expect(thrownBy(() => openRegistry({ maxSeriesPerMetric: untyped(budget) }))).toMatchObject({
      code: 'TSK_ERR_METRIC_BUDGET',
      message: expect.stringMatching(/^maxSeriesPerMetric is .+; a whole number of 1 or more is expected, such as 2000\.$/),
    });
  });

  test('is 2000 unless told', () => {
    const budget = ({ maxSeriesPerMetric }: MetricsRegistry) => maxSeriesPerMetric;
    expect(budget(openRegistry().registry)).toBe(2000);
    expect(budget(openRegistry({ maxSeriesPerMetric: 7 }).registry)).toBe(7);
  });
});
