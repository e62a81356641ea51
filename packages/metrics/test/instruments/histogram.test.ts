/** Histograms: every call shape gives exactly these buckets, sum and count. */
import { DURATION_BUCKETS_SECONDS, Histogram } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { NOT_OBSERVABLE } from '../support/not-observable.js';
import { invalidLines, linesOf, openRegistry, thrownBy, untyped } from '../support/open-registry.js';

function sizes() {
  const opened = openRegistry();
  const histogram = opened.registry.histogram({ name: 'rows', help: 'Rows.', buckets: [1, 10] });
  const labelled = opened.registry.histogram({ name: 'table_rows', help: 'Rows.', buckets: [1, 10], labelNames: ['table'] });
  return { ...opened, histogram, labelled };
}

test('without labels it is exposed with zeros before its first value', async () => {
  const { registry } = sizes();
  expect(await linesOf(registry, 'rows')).toEqual([
    'rows_bucket{le="1"} 0',
    'rows_bucket{le="10"} 0',
    'rows_bucket{le="+Inf"} 0',
    'rows_sum 0',
    'rows_count 0',
  ]);
  expect(await linesOf(registry, 'table_rows')).toEqual([]);
});

test('a value at a bound belongs to it; buckets are cumulative', async () => {
  const { registry, histogram } = sizes();
  for (const value of [0, 1, 1.0000000000000002, 10, 11]) histogram.observe(value);
  expect(await linesOf(registry, 'rows')).toEqual([
    'rows_bucket{le="1"} 2',
    'rows_bucket{le="10"} 4',
    'rows_bucket{le="+Inf"} 5',
    'rows_sum 23',
    'rows_count 5',
  ]);
});

test('observe with labels', async () => {
  const { registry, labelled } = sizes();
  labelled.observe({ table: 'orders' }, 5);
  labelled.labels({ table: 'orders' }).observe(0.5);
  labelled.labels('orders').observe(50);
  expect(await linesOf(registry, 'table_rows')).toEqual([
    'table_rows_bucket{table="orders",le="1"} 1',
    'table_rows_bucket{table="orders",le="10"} 2',
    'table_rows_bucket{table="orders",le="+Inf"} 3',
    'table_rows_sum{table="orders"} 55.5',
    'table_rows_count{table="orders"} 3',
  ]);
});

test('zero() exposes a label set before its first value, and sets it back', async () => {
  const { registry, labelled } = sizes();
  labelled.zero({ table: 'orders' });
  expect((await linesOf(registry, 'table_rows')).at(-1)).toBe('table_rows_count{table="orders"} 0');
  const held = labelled.labels('orders');
  held.observe(5);
  labelled.zero({ table: 'orders' });
  expect((await linesOf(registry, 'table_rows')).at(-1)).toBe('table_rows_count{table="orders"} 0');
  held.observe(5);
  expect((await linesOf(registry, 'table_rows')).at(-1)).toBe('table_rows_count{table="orders"} 1');
});

describe('startTimer', () => {
  test('observes the seconds since and returns them', async () => {
    const { registry, histogram, advance } = sizes();
    const stop = histogram.startTimer();
    advance(1_250_000_000n);
    expect(stop()).toBe(1.25);
    expect(await linesOf(registry, 'rows')).toEqual([
      'rows_bucket{le="1"} 0',
      'rows_bucket{le="10"} 1',
      'rows_bucket{le="+Inf"} 1',
      'rows_sum 1.25',
      'rows_count 1',
    ]);
  });

  test('takes labels at either end, the later ones win, and keeps no object of the caller', async () => {
    const { registry, labelled, advance } = sizes();
    const labels = { table: 'orders' };
    const stop = labelled.startTimer(labels);
    labels.table = 'changed';
    advance(1_000_000_000n);
    stop();
    labelled.startTimer(labels)({ table: 'users' });
    const stopSeries = labelled.labels('users').startTimer();
    advance(2_000_000_000n);
    expect(stopSeries()).toBe(2);
    const counts = (await linesOf(registry, 'table_rows')).filter((line) => /_(sum|count)/.test(line));
    expect(counts).toEqual([
      'table_rows_sum{table="orders"} 1',
      'table_rows_count{table="orders"} 1',
      'table_rows_sum{table="users"} 2',
      'table_rows_count{table="users"} 2',
    ]);
  });

  test('a clock that runs backwards is refused', async () => {
    const { registry, histogram, advance } = sizes();
    const stop = histogram.startTimer();
    advance(-1n);
    stop();
    expect((await linesOf(registry, 'rows')).at(-1)).toBe('rows_count 0');
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="rows"} 1']);
  });
});

test('remove and reset', async () => {
  const { registry, histogram, labelled } = sizes();
  histogram.observe(5);
  histogram.reset();
  expect((await linesOf(registry, 'rows')).at(-1)).toBe('rows_count 0');
  histogram.remove();
  expect(await linesOf(registry, 'rows')).toEqual([]);
  histogram.observe(5);
  expect((await linesOf(registry, 'rows')).at(-1)).toBe('rows_count 1');
  for (const table of ['a', 'b', 'c']) labelled.observe({ table }, 1);
  labelled.remove('a');
  labelled.remove({ table: 'c' });
  expect((await linesOf(registry, 'table_rows')).filter((line) => line.includes('_count'))).toEqual(['table_rows_count{table="b"} 1']);
  labelled.reset();
  expect(await linesOf(registry, 'table_rows')).toEqual([]);
});

test.each(NOT_OBSERVABLE)('%s is refused, counted and reported once, and makes no series', async (_, value) => {
  const { registry, histogram, labelled, codes } = sizes();
  histogram.observe(untyped(value));
  histogram.labels().observe(untyped(value));
  labelled.observe({ table: 'orders' }, untyped(value));
  expect((await linesOf(registry, 'rows')).at(-1)).toBe('rows_count 0');
  expect(await linesOf(registry, 'table_rows')).toEqual([]);
  expect(await invalidLines(registry)).toEqual([
    'metrics_invalid_values_total{metric="rows"} 2',
    'metrics_invalid_values_total{metric="table_rows"} 1',
  ]);
  expect(codes()).toEqual(['TSK_ERR_METRIC_VALUE', 'TSK_ERR_METRIC_VALUE']);
});

describe('buckets', () => {
  test('are the duration buckets by default', () => {
    expect(new Histogram({ registers: [], name: 'h', help: 'H.' }).bounds).toEqual([
      0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ]);
    expect(Object.isFrozen(DURATION_BUCKETS_SECONDS)).toBe(true);
  });

  test('may end in +Inf, may be 0, and are copied', () => {
    const buckets = [0, 0.5, 1, Number.POSITIVE_INFINITY];
    const histogram = new Histogram({ registers: [], name: 'h', help: 'H.', buckets });
    buckets[1] = 7;
    expect(histogram.bounds).toEqual([0, 0.5, 1]);
    expect(Object.isFrozen(histogram.bounds)).toBe(true);
  });

  test.each([
    ['empty', [], 'h: buckets [] are empty.'],
    ['only +Inf', [Number.POSITIVE_INFINITY], 'h: buckets [Infinity] are empty.'],
    ['not ascending', [1, 0.5], 'h: buckets [1, 0.5] are not in ascending order.'],
    ['twice the same', [1, 1], 'h: buckets [1, 1] are not in ascending order.'],
    ['below 0', [-0.5, 0], 'h: buckets [-0.5, 0] contain negative bounds, but histograms have no negative values.'],
    ['NaN', [1, Number.NaN], 'h: buckets [1, NaN] are not all numbers.'],
    ['-Inf', [Number.NEGATIVE_INFINITY, 1], 'h: buckets [-Infinity, 1] are not all numbers.'],
    ['+Inf in the middle', [Number.POSITIVE_INFINITY, 1], 'h: buckets [Infinity, 1] are not all numbers.'],
    ['texts', ['1', '2'], 'h: buckets ["1", "2"] are not all numbers.'],
    ['not a list', 5, 'h: buckets 5 are not a list.'],
  ])('%s: refused, and the name stays free', (_, buckets, message) => {
    const { registry } = openRegistry();
    const error = thrownBy(() => registry.histogram({ name: 'h', help: 'H.', buckets: untyped(buckets) }));
    expect(error.code).toBe('TSK_ERR_METRIC_BUCKETS');
    expect(error.message).toContain(message);
    expect(registry.histogram({ name: 'h', help: 'H.' }).type).toBe('histogram');
  });
});

test('quantiles of a series are within 2.2 %', () => {
  const { labelled } = sizes();
  const series = labelled.labels('orders');
  for (let value = 1; value <= 1000; value += 1) series.observe(value);
  expect(Math.abs(series.distribution.quantile(0.5) / 500 - 1)).toBeLessThan(0.022);
  expect(series.distribution.quantile(0)).toBe(1);
  expect(series.distribution.quantile(1)).toBe(1000);
});
