/** Counters that `recordMetric` makes: their labels are those they are given. */
import { describe, expect, test } from 'vitest';
import { droppedLines, invalidLines, linesOf, openRegistry, thrownBy, untyped } from '../support/open-registry.js';

test('are made on first use and count by label set', async () => {
  const { registry } = openRegistry();
  registry.recordMetric('writes_total', 1, { table: 'orders', operation: 'insert' });
  registry.recordMetric('writes_total', 2, { operation: 'insert', table: 'orders' });
  registry.recordMetric('writes_total', 5, { table: 'orders', operation: 'delete' });
  expect(await registry.expose({ names: ['writes_total'] })).toBe(`# HELP writes_total Recorded by recordMetric.
# TYPE writes_total counter
writes_total{table="orders",operation="insert"} 3
writes_total{table="orders",operation="delete"} 5
`);
});

test('value 1 and no labels unless told', async () => {
  const { registry } = openRegistry();
  registry.recordMetric('jobs_total');
  registry.recordMetric('jobs_total', 2);
  registry.recordMetric('jobs_total', undefined, {});
  registry.recordMetric('jobs_total', 1, untyped(null));
  expect(await linesOf(registry, 'jobs_total')).toEqual(['jobs_total 5']);
});

test('further labels are empty in the series that exist, which go on counting', async () => {
  const { registry } = openRegistry();
  registry.recordMetric('writes_total', 1, { table: 'orders' });
  await linesOf(registry, 'writes_total');
  registry.recordMetric('writes_total', 1, { operation: 'insert', table: 'orders' });
  registry.recordMetric('writes_total', 1, { table: 'orders' });
  registry.recordMetric('writes_total', 1);
  registry.recordMetric('writes_total', 1, { operation: 'insert' });
  expect(await linesOf(registry, 'writes_total')).toEqual([
    'writes_total{table="orders"} 2',
    'writes_total{table="orders",operation="insert"} 1',
    'writes_total 1',
    'writes_total{operation="insert"} 1',
  ]);
});

test('a counter that was made before keeps its labels: others are refused', async () => {
  const { registry } = openRegistry();
  const counter = registry.counter({ name: 'writes_total', help: 'Writes.', labelNames: ['table'] });
  registry.recordMetric('writes_total', 2, { table: 'orders' });
  registry.recordMetric('writes_total', 2, { region: 'eu' });
  expect(counter.labels('orders').value).toBe(2);
  expect(await linesOf(registry, 'writes_total')).toEqual(['writes_total{table="orders"} 2']);
  expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="writes_total"} 1']);
});

test('can be asked for with the labels they have, and no others', () => {
  const { registry } = openRegistry();
  registry.recordMetric('writes_total', 1, { table: 'orders' });
  expect(registry.counter({ name: 'writes_total', help: 'Writes.', labelNames: ['table'] }).labels('orders').value).toBe(1);
  expect(thrownBy(() => registry.counter({ name: 'writes_total', help: 'Writes.' })).code).toBe('TSK_ERR_METRIC_SHAPE');
});

test('are forgotten by removeSingleMetric and clear', async () => {
  const { registry } = openRegistry();
  registry.recordMetric('writes_total', 5);
  registry.removeSingleMetric('writes_total');
  registry.recordMetric('writes_total');
  expect(await linesOf(registry, 'writes_total')).toEqual(['writes_total 1']);
  registry.clear();
  registry.recordMetric('writes_total', 3);
  expect(await linesOf(registry, 'writes_total')).toEqual(['writes_total 3']);
});

describe('never throw', () => {
  test.each<[string, unknown, string]>([
    ['a broken name', 'no-name', 'TSK_ERR_METRIC_NAME'],
    ['no name', undefined, 'TSK_ERR_METRIC_NAME'],
    ['an object for a name', Object.create(null), 'TSK_ERR_METRIC_NAME'],
    ['a symbol for a name', Symbol('s'), 'TSK_ERR_METRIC_NAME'],
    ['10 MB for a name', ' '.repeat(10_000_000), 'TSK_ERR_METRIC_NAME'],
    ['the name of a gauge', 'a_gauge', 'TSK_ERR_METRIC_SHAPE'],
    ['a name among the samples of a histogram', 'a_histogram_count', 'TSK_ERR_METRIC_NAME_OVERLAP'],
  ])('%s is counted and reported once', async (_, name, code) => {
    const { registry, codes } = openRegistry();
    registry.gauge({ name: 'a_gauge', help: 'G.' });
    registry.histogram({ name: 'a_histogram', help: 'H.' });
    registry.recordMetric(untyped(name));
    registry.recordMetric(untyped(name));
    const [line, ...others] = await invalidLines(registry);
    expect(line).toMatch(/ 2$/);
    expect(line?.length).toBeLessThan(1100);
    expect(others).toEqual([]);
    expect(codes()).toEqual([code]);
  });

  test.each<[string, unknown, unknown]>([
    ['a negative value', -1, {}],
    ['NaN', Number.NaN, { table: 'orders' }],
    ['a label that is no label name', 1, { fine: 'x', 'not-fine': 'y' }],
    ['le', 1, { le: '5' }],
    ['a label value that cannot be read', 1, { table: Object.create(null) }],
  ])('%s records nothing and takes no label name', async (_, value, labels) => {
    const { registry, codes } = openRegistry();
    registry.recordMetric('writes_total', untyped(value), untyped(labels));
    registry.recordMetric('writes_total', untyped(value), untyped(labels));
    expect(await linesOf(registry, 'writes_total')).toEqual([]);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="writes_total"} 2']);
    expect(codes()).toHaveLength(1);
  });

  test.each(['le', 'quantile', '__name__', '1st', 'a-b', '', 'ä'])('%j is not a label name', (name) => {
    const { registry, codes } = openRegistry();
    registry.recordMetric('writes_total', 1, { fine: 'x', [name]: 'y' });
    expect(registry.instruments.at(-1)?.labelNames).toEqual([]);
    expect(codes()).toEqual(['TSK_ERR_METRIC_LABEL_NAME']);
  });
});

test('take 32 label names: they are fixed words, not data', async () => {
  const { registry, codes } = openRegistry();
  for (let index = 0; index < 40; index += 1) registry.recordMetric('writes_total', 1, { [`label_${index}`]: 'x' });
  expect(registry.instruments.at(-1)?.labelNames).toHaveLength(32);
  expect(await linesOf(registry, 'writes_total')).toHaveLength(32);
  expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="writes_total"} 8']);
  expect(codes()).toEqual(['TSK_ERR_METRIC_LABEL_COUNT']);
});

test('keep the budget, in the overflow series too when labels are added', async () => {
  const { registry } = openRegistry({ maxSeriesPerMetric: 1 });
  for (const table of ['a', 'b', 'c']) registry.recordMetric('writes_total', 1, { table });
  registry.recordMetric('writes_total', 1, { table: 'a', operation: 'insert' });
  registry.recordMetric('writes_total', 1, { table: 'a' });
  expect(await linesOf(registry, 'writes_total')).toEqual([
    'writes_total{table="a"} 2',
    'writes_total{table="__overflow__",operation="__overflow__"} 3',
  ]);
  expect(await droppedLines(registry)).toEqual(['metrics_series_dropped_total{metric="writes_total"} 3']);
});

test('merge whatever labels each process has seen', async () => {
  const recorded = (...labels: Record<string, string>[]) => {
    const { registry } = openRegistry();
    for (const set of labels) registry.recordMetric('writes_total', 1, set);
    return registry;
  };
  const first = recorded({ table: 'a' }, {});
  const second = recorded({ operation: 'insert', table: 'a' }, { table: 'a' }, {});
  const merged = openRegistry().registry;
  for (const registry of [first, second]) merged.merge(JSON.parse(JSON.stringify(registry.snapshot())));
  expect(await linesOf(merged, 'writes_total')).toEqual([
    'writes_total{table="a"} 2',
    'writes_total 2',
    'writes_total{table="a",operation="insert"} 1',
  ]);
  const full = openRegistry({ maxSeriesPerMetric: 1 }).registry;
  for (const table of ['b', 'c']) full.recordMetric('writes_total', 1, { table });
  for (let round = 0; round < 2; round += 1) merged.merge(JSON.parse(JSON.stringify(full.snapshot())));
  expect((await linesOf(merged, 'writes_total')).slice(3)).toEqual([
    'writes_total{table="b"} 2',
    'writes_total{table="__overflow__",operation="__overflow__"} 2',
  ]);
  merged.recordMetric('writes_total', 1, { region: 'eu' });
  expect((await linesOf(merged, 'writes_total')).at(-1)).toBe('writes_total{region="eu"} 1');
});
