/** Counters: every call shape gives exactly this value, and nothing a caller passes makes one throw or fall. */
import { Counter } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { invalidLines, linesOf, openRegistry, thrownBy, untyped } from '../support/open-registry.js';

describe('without labels', () => {
  test('is exposed as 0 before its first count', async () => {
    const { registry } = openRegistry();
    registry.counter({ name: 'jobs_total', help: 'Jobs.' });
    expect(await linesOf(registry, 'jobs_total')).toEqual(['jobs_total 0']);
  });

  test('inc() adds 1, inc(n) adds n', async () => {
    const { registry } = openRegistry();
    const counter = registry.counter({ name: 'jobs_total', help: 'Jobs.' });
    counter.inc();
    counter.inc(5);
    counter.inc(0);
    counter.inc(0.5);
    counter.inc(undefined);
    expect(await linesOf(registry, 'jobs_total')).toEqual(['jobs_total 7.5']);
  });

  test('labels() is its only series', async () => {
    const { registry } = openRegistry();
    const counter = registry.counter({ name: 'jobs_total', help: 'Jobs.' });
    counter.labels().inc(2);
    counter.labels({}).inc(3);
    expect(counter.labels().value).toBe(5);
    expect(await linesOf(registry, 'jobs_total')).toEqual(['jobs_total 5']);
  });

  test('reset() sets it back, and it goes on counting', async () => {
    const { registry } = openRegistry();
    const counter = registry.counter({ name: 'jobs_total', help: 'Jobs.' });
    const series = counter.labels();
    counter.inc(5);
    counter.reset();
    expect(await linesOf(registry, 'jobs_total')).toEqual(['jobs_total 0']);
    counter.inc();
    series.inc();
    expect(await linesOf(registry, 'jobs_total')).toEqual(['jobs_total 2']);
  });

  test('remove() forgets it until it counts again', async () => {
    const { registry } = openRegistry();
    const counter = registry.counter({ name: 'jobs_total', help: 'Jobs.' });
    counter.inc(5);
    counter.remove();
    expect(await linesOf(registry, 'jobs_total')).toEqual([]);
    counter.inc();
    expect(await linesOf(registry, 'jobs_total')).toEqual(['jobs_total 1']);
  });
});

describe('with labels', () => {
  const writes = () => {
    const opened = openRegistry();
    const counter = opened.registry.counter({ name: 'writes_total', help: 'Writes.', labelNames: ['table', 'operation'] });
    return { ...opened, counter };
  };

  test('has no series before its first count', async () => {
    const { registry } = writes();
    expect(await linesOf(registry, 'writes_total')).toEqual([]);
  });

  test('inc(labels) adds 1, inc(labels, n) adds n, in any order of the labels', async () => {
    const { registry, counter } = writes();
    counter.inc({ table: 'orders', operation: 'insert' });
    counter.inc({ operation: 'insert', table: 'orders' }, 5);
    counter.inc({ table: 'orders', operation: 'insert' }, undefined);
    counter.inc({ table: 'insert', operation: 'orders' }, 2);
    expect(await linesOf(registry, 'writes_total')).toEqual([
      'writes_total{table="orders",operation="insert"} 7',
      'writes_total{table="insert",operation="orders"} 2',
    ]);
  });

  test('labels() by object and by values is the same series', () => {
    const { counter } = writes();
    const series = counter.labels({ operation: 'insert', table: 'orders' });
    expect(counter.labels('orders', 'insert')).toBe(series);
    series.inc();
    counter.inc({ table: 'orders', operation: 'insert' });
    expect(series.value).toBe(2);
    expect(series.labelValues).toEqual(['orders', 'insert']);
  });

  test('a series that labels() made is exposed as 0', async () => {
    const { registry, counter } = writes();
    counter.labels('orders', 'insert');
    expect(await linesOf(registry, 'writes_total')).toEqual(['writes_total{table="orders",operation="insert"} 0']);
  });

  test('remove() removes one label set, by object and by values, and ignores unknown ones', async () => {
    const { registry, counter } = writes();
    for (const table of ['a', 'b', 'c']) counter.inc({ table, operation: 'insert' });
    counter.remove({ table: 'a', operation: 'insert' });
    counter.remove('c', 'insert');
    counter.remove('c', 'insert');
    counter.remove('d', 'insert');
    expect(await linesOf(registry, 'writes_total')).toEqual(['writes_total{table="b",operation="insert"} 1']);
    counter.inc({ table: 'a', operation: 'insert' });
    expect(await linesOf(registry, 'writes_total')).toEqual([
      'writes_total{table="b",operation="insert"} 1',
      'writes_total{table="a",operation="insert"} 1',
    ]);
  });

  test('reset() forgets every label set; a series held before counts into nothing that is exposed', async () => {
    const { registry, counter } = writes();
    const held = counter.labels('orders', 'insert');
    held.inc(5);
    counter.reset();
    held.inc();
    expect(await linesOf(registry, 'writes_total')).toEqual([]);
    counter.inc({ table: 'orders', operation: 'insert' });
    expect(await linesOf(registry, 'writes_total')).toEqual(['writes_total{table="orders",operation="insert"} 1']);
  });

  test('labels() with too few, too many or unknown labels throws and names them', () => {
    const { counter } = writes();
    expect(thrownBy(() => counter.labels('orders'))).toMatchObject({
      code: 'TSK_ERR_METRIC_LABEL_VALUES',
      message:
        'writes_total: 1 label values were given for 2 labels (table, operation). Pass one value for each label, in that order, or an object.',
    });
    expect(thrownBy(() => counter.remove('a', 'b', 'c')).code).toBe('TSK_ERR_METRIC_LABEL_VALUES');
    const unknown = thrownBy(() => counter.labels(untyped<{ table: string; operation: string }>({ table: 'orders', operaton: 'insert' })));
    expect(unknown).toMatchObject({ code: 'TSK_ERR_METRIC_LABEL_UNKNOWN', message: expect.stringContaining('"operaton"') });
    expect(counter.series).toEqual([]);
  });
});

describe('refused values', () => {
  const refused: readonly (readonly [string, unknown])[] = [
    ['NaN', Number.NaN],
    ['Infinity', Number.POSITIVE_INFINITY],
    ['-Infinity', Number.NEGATIVE_INFINITY],
    ['a negative number', -1],
    ['a text', '5'],
    ['a bigint', 5n],
    ['a boolean', true],
    ['a symbol', Symbol('five')],
    ['a function', () => 5],
    ['an object that cannot be written', Object.create(null)],
  ];

  test.each(refused)('%s is refused, counted and reported once', async (_, value) => {
    const { registry, codes } = openRegistry();
    const labelled = registry.counter({ name: 'writes_total', help: 'Writes.', labelNames: ['table'] });
    labelled.inc({ table: 'orders' }, 3);
    labelled.inc({ table: 'orders' }, untyped(value));
    labelled.labels('orders').inc(untyped(value));
    expect(await linesOf(registry, 'writes_total')).toEqual(['writes_total{table="orders"} 3']);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="writes_total"} 2']);
    expect(codes()).toEqual(['TSK_ERR_METRIC_VALUE']);
  });

  test.each(refused)('%s is refused without labels', async (_, value) => {
    // An object in the first place is a label set, not a value.
    if (typeof value === 'object' && value !== null) return;
    const { registry, codes } = openRegistry();
    const counter = registry.counter({ name: 'jobs_total', help: 'Jobs.' });
    counter.inc(untyped(value));
    expect(await linesOf(registry, 'jobs_total')).toEqual(['jobs_total 0']);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="jobs_total"} 1']);
    expect(codes()).toEqual(['TSK_ERR_METRIC_VALUE']);
  });

  test('makes no series', async () => {
    const { registry } = openRegistry();
    const counter = registry.counter({ name: 'writes_total', help: 'Writes.', labelNames: ['table'] });
    counter.inc({ table: 'orders' }, Number.NaN);
    expect(await linesOf(registry, 'writes_total')).toEqual([]);
  });

  test('the message names metric, value and what is expected', () => {
    const { registry, errors } = openRegistry();
    registry.counter({ name: 'jobs_total', help: 'Jobs.' }).inc(-1);
    expect(errors[0]?.message).toBe(
      'jobs_total: -1 was not recorded: a finite number of 0 or more is expected. Refused values are counted in metrics_invalid_values_total.',
    );
  });
});

test('new Counter() registers in the given registries', async () => {
  const [first, second] = [openRegistry(), openRegistry()];
  const counter = new Counter({ name: 'jobs_total', help: 'Jobs.', registers: [first.registry, second.registry] });
  counter.inc(2);
  expect(await linesOf(first.registry, 'jobs_total')).toEqual(['jobs_total 2']);
  expect(await linesOf(second.registry, 'jobs_total')).toEqual(['jobs_total 2']);
  expect(thrownBy(() => new Counter({ name: 'jobs_total', help: 'Jobs.', registers: [first.registry] })).code).toBe(
    'TSK_ERR_METRIC_NAME_TAKEN',
  );
});

test('new Counter() without a registry counts, and refuses in silence', async () => {
  const counter = new Counter({ registers: [], name: 'jobs_total', help: 'Jobs.' });
  counter.inc(2);
  counter.inc(-1);
  expect(await counter.get()).toEqual({
    name: 'jobs_total',
    help: 'Jobs.',
    type: 'counter',
    aggregator: 'sum',
    values: [{ labels: {}, value: 2 }],
  });
});
