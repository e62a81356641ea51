/** Get-or-create: one shape, one instrument; another shape, an error that shows both. */
import { Counter as PromClientCounter } from 'prom-client';
import { expect, test } from 'vitest';
import { linesOf, openRegistry, thrownBy } from '../support/open-registry.js';

test('the same shape is the same instrument', async () => {
  const { registry } = openRegistry();
  const counter = registry.counter({ name: 'writes_total', help: 'Writes.', labelNames: ['table'] });
  expect(registry.counter({ name: 'writes_total', help: 'Other help.', labelNames: ['table'] })).toBe(counter);
  expect(counter.help).toBe('Writes.');
  const gauge = registry.gauge({ name: 'size', help: 'Size.' });
  expect(registry.gauge({ name: 'size', help: 'Size.', labelNames: [], aggregator: 'sum' })).toBe(gauge);
  const histogram = registry.histogram({ name: 'rows', help: 'Rows.', buckets: [1, 2] });
  expect(registry.histogram({ name: 'rows', help: 'Rows.', buckets: [1, 2, Number.POSITIVE_INFINITY] })).toBe(histogram);
  const usual = registry.histogram({ name: 'seconds', help: 'Seconds.' });
  expect(registry.histogram({ name: 'seconds', help: 'Seconds.' })).toBe(usual);
});

test('another kind', () => {
  const { registry } = openRegistry();
  registry.counter({ name: 'writes', help: 'Writes.', labelNames: ['table'] });
  expect(thrownBy(() => registry.gauge({ name: 'writes', help: 'Writes.' }))).toMatchObject({
    code: 'TSK_ERR_METRIC_SHAPE',
    message:
      'writes exists as counter {table} and was requested as gauge without labels. Use the same shape everywhere, or a different name.',
  });
});

test('other labels, or the same in another order: values given in order would land under the wrong name', () => {
  const { registry } = openRegistry();
  registry.counter({ name: 'writes_total', help: 'Writes.', labelNames: ['table', 'operation'] });
  expect(thrownBy(() => registry.counter({ name: 'writes_total', help: 'Writes.', labelNames: ['table'] })).message).toContain(
    'writes_total exists as counter {table, operation} and was requested as counter {table}.',
  );
  expect(thrownBy(() => registry.counter({ name: 'writes_total', help: 'Writes.', labelNames: ['operation', 'table'] })).message).toContain(
    'writes_total exists as counter {table, operation} and was requested as counter {operation, table}.',
  );
});

test('other buckets', () => {
  const { registry } = openRegistry();
  registry.histogram({ name: 'rows', help: 'Rows.', buckets: [1, 2] });
  expect(thrownBy(() => registry.histogram({ name: 'rows', help: 'Rows.', buckets: [1, 2, 3] })).message).toContain(
    'rows exists as histogram without labels with buckets 1, 2 and was requested as histogram without labels with buckets 1, 2, 3.',
  );
  expect(thrownBy(() => registry.histogram({ name: 'rows', help: 'Rows.' })).code).toBe('TSK_ERR_METRIC_SHAPE');
  expect(thrownBy(() => registry.histogram({ name: 'rows', help: 'Rows.', buckets: [1, Number.NaN, 2] })).code).toBe(
    'TSK_ERR_METRIC_BUCKETS',
  );
});

test('another aggregator', () => {
  const { registry } = openRegistry();
  registry.gauge({ name: 'peak', help: 'Peak.', aggregator: 'max' });
  expect(thrownBy(() => registry.gauge({ name: 'peak', help: 'Peak.' })).message).toContain(
    'peak exists as gauge without labels aggregated by max and was requested as gauge without labels.',
  );
});

test("a name that one of prom-client's metrics has", () => {
  const { registry } = openRegistry();
  new PromClientCounter({ name: 'theirs_total', help: 'Theirs.', registers: [registry] });
  expect(thrownBy(() => registry.counter({ name: 'theirs_total', help: 'Ours.' })).code).toBe('TSK_ERR_METRIC_NAME_TAKEN');
});

test('two registries share nothing', async () => {
  const [first, second] = [openRegistry(), openRegistry()];
  first.registry.counter({ name: 'writes', help: 'Writes.' }).inc();
  second.registry.gauge({ name: 'writes', help: 'Writes.' }).set(5);
  expect(await linesOf(first.registry, 'writes')).toEqual(['writes 1']);
  expect(await linesOf(second.registry, 'writes')).toEqual(['writes 5']);
});
