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

describe('help and unit', () => {
  test('are given with the value, and the first ones stay', async () => {
    const { registry, codes } = openRegistry();
    registry.recordMetric('sent_bytes_total');
    registry.recordMetric('sent_bytes_total', {
      value: 2,
      help: 'Bytes "sent".',
      unit: 'bytes',
      labels: { to: 'a' },
      exemplar: { trace_id: 't' },
    });
    registry.recordMetric('sent_bytes_total', { value: 0, help: 'Another.' });
    registry.recordMetric('queue_items_total', { help: 'Items.', unit: 'items' });
    const names = ['sent_bytes_total', 'queue_items_total'];
    const text = (await registry.expose({ format: 'openmetrics', names })).replaceAll(
      / # \{trace_id="t"\} 2 \d+(\.\d+)?|.*_created.*\n/g,
      '',
    );
    expect(text).toBe(`# TYPE sent_bytes counter
# UNIT sent_bytes bytes
# HELP sent_bytes Bytes \\"sent\\".
sent_bytes_total 1
sent_bytes_total{to="a"} 2
# TYPE queue_items counter
# UNIT queue_items items
# HELP queue_items Items.
queue_items_total 1
# EOF
`);
    expect(codes()).toEqual([]);
  });

  test('a unit in which the name does not end is refused and counted; the value is kept', async () => {
    const { registry, codes } = openRegistry();
    registry.recordMetric('new_total', { unit: 'bytes' });
    registry.recordMetric('jobs_total');
    registry.recordMetric('jobs_total', { unit: 'bytes' });
    expect(await linesOf(registry, 'new_total')).toEqual(['new_total 1']);
    expect(await linesOf(registry, 'jobs_total')).toEqual(['jobs_total 2']);
    expect(await invalidLines(registry)).toEqual([
      'metrics_invalid_values_total{metric="new_total"} 1',
      'metrics_invalid_values_total{metric="jobs_total"} 1',
    ]);
    expect(codes()).toEqual(['TSK_ERR_METRIC_UNIT', 'TSK_ERR_METRIC_UNIT']);
  });

  test('that are null are absent', async () => {
    const { registry, codes } = openRegistry();
    registry.recordMetric('sent_items_total', { help: null, unit: null, value: null, labels: null } as never);
    registry.recordMetric('sent_items_total', { help: 'Items.', unit: 'items' });
    expect(await registry.expose({ format: 'openmetrics', names: ['sent_items_total'] })).toContain(
      '# UNIT sent_items items\n# HELP sent_items Items.\n',
    );
    expect(await linesOf(registry, 'sent_items_total')).toEqual(['sent_items_total 2']);
    expect(codes()).toEqual([]);
  });

  const unreadable = () => {
    throw new Error('mine');
  };
  test.each<[string, object]>([
    ['a Proxy', new Proxy({}, { get: unreadable })],
    ['a revoked Proxy', revokedProxy()],
    ...['value', 'labels', 'help', 'unit', 'exemplar'].map((key): [string, object] => [
      `a getter of ${key}`,
      Object.defineProperty({}, key, { get: unreadable }),
    ]),
    ['a help that is no text', { help: { toString: unreadable } }],
    ['an array', [5]],
  ])('never throw: %s is refused and counted', async (_, recorded) => {
    const { registry, codes } = openRegistry();
    registry.recordMetric('sent_total', recorded);
    registry.recordMetric('jobs_total');
    registry.recordMetric('jobs_total', recorded);
    expect(await linesOf(registry, 'sent_total')).toEqual([]);
    expect(await linesOf(registry, 'jobs_total')).toEqual(['jobs_total 1']);
    expect(await invalidLines(registry)).toEqual([
      'metrics_invalid_values_total{metric="sent_total"} 1',
      'metrics_invalid_values_total{metric="jobs_total"} 1',
    ]);
    expect(codes()).toEqual(['TSK_ERR_METRIC_VALUE', 'TSK_ERR_METRIC_VALUE']);
  });

  test('go with a snapshot', async () => {
    const [{ registry }, { registry: all }] = [openRegistry(), openRegistry()];
    registry.recordMetric('sent_items_total', { help: 'Items.', unit: 'items' });
    all.merge(registry.snapshot());
    expect(await all.expose({ format: 'openmetrics', names: ['sent_items_total'] })).toContain(
      '# UNIT sent_items items\n# HELP sent_items Items.\n',
    );
  });
});

describe('the budget of names', () => {
  test('what is past it is counted under one name and said once; metrics of other origin are free', async () => {
    const { registry, codes, errors } = openRegistry({ maxRecordedNames: 2 });
    for (let index = 0; index < 1000; index += 1) registry.recordMetric(`user_${index}_total`);
    registry.counter({ name: 'made_total', help: 'M.' }).inc();
    registry.recordMetric('made_total');
    registry.recordMetric('user_0_total');
    expect(registry.instruments.map(({ name }) => name).slice(2)).toEqual(['user_0_total', 'user_1_total', 'made_total']);
    expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="__overflow__"} 998']);
    expect(codes()).toEqual(['TSK_ERR_METRIC_NAME_BUDGET']);
    expect(errors[0]?.message).toContain(
      '"user_2_total" was not recorded, because recordMetric has already created 2 counters, its limit.',
    );
    registry.removeSingleMetric('user_0_total');
    registry.recordMetric('next_total');
    expect(await linesOf(registry, 'next_total')).toEqual(['next_total 1']);
    registry.clear();
    registry.recordMetric('after_total');
    expect(await linesOf(registry, 'after_total')).toEqual(['after_total 1']);
  });

  test('is 1000 unless told, and memory stays bounded', () => {
    const { registry } = openRegistry();
    for (let index = 0; index < 300_000; index += 1) registry.recordMetric(`user_${index}_total`);
    expect(registry.instruments).toHaveLength(1002);
  });

  test.each([0, -1, 1.5, Number.NaN, null, '5'])('%j is none', (maxRecordedNames) => {
    expect(thrownBy(() => openRegistry({ maxRecordedNames: untyped(maxRecordedNames) }))).toMatchObject({
      code: 'TSK_ERR_METRIC_BUDGET',
      message: expect.stringMatching(/^maxRecordedNames is .*; a whole number of 1 or more is expected, such as 1000\.$/),
    });
  });
});

function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
