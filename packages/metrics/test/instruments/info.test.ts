/** Infos: words as labels, replaced as a whole. */
import { Info } from '@tsukimi/metrics';
import { expect, test } from 'vitest';
import { invalidLines, linesOf, openRegistry, thrownBy, untyped } from '../support/open-registry.js';

function application(options: Parameters<typeof openRegistry>[0] = {}) {
  const opened = openRegistry(options);
  const info = opened.registry.info({ name: 'application_info', help: 'What runs.', labelNames: ['version', 'author'] });
  return { ...opened, info };
}

test('says nothing until it is set', async () => {
  const { registry } = application();
  registry.info({ name: 'plain_info', help: 'P.' });
  expect(await linesOf(registry, 'application_info')).toEqual([]);
  expect(await linesOf(registry, 'plain_info')).toEqual([]);
});

test('set says it, and replaces what was said before', async () => {
  const { registry, info } = application();
  info.set({ version: '1.0', author: 'Ann "A." \\ Bee\n' });
  expect(await registry.expose({ names: ['application_info'] })).toBe(
    '# HELP application_info What runs.\n# TYPE application_info gauge\napplication_info{version="1.0",author="Ann \\"A.\\" \\\\ Bee\\n"} 1\n',
  );
  info.set({ version: '2.0', author: '' });
  info.set({ version: '2.0', author: '' });
  expect(await linesOf(registry, 'application_info')).toEqual(['application_info{version="2.0"} 1']);
});

test('without labels it is 1', async () => {
  const { registry } = openRegistry();
  registry.info({ name: 'plain_info', help: 'P.' }).set({});
  expect(await linesOf(registry, 'plain_info')).toEqual(['plain_info 1']);
});

test('has room for what it says, however small the budget', async () => {
  const { registry, info } = application({ maxSeriesPerMetric: 1 });
  for (const version of ['1', '2', '3']) info.set({ version, author: 'x' });
  expect(await linesOf(registry, 'application_info')).toEqual(['application_info{version="3",author="x"} 1']);
});

test('keeps no object of the caller', async () => {
  const { registry, info } = application();
  const labels = { version: '1', author: 'x' };
  info.set(labels);
  labels.version = '2';
  expect(await linesOf(registry, 'application_info')).toEqual(['application_info{version="1",author="x"} 1']);
});

test.each<[string, unknown, string]>([
  ['a label it does not have', { version: '2', author: 'x', commit: 'c' }, 'TSK_ERR_METRIC_LABEL_UNKNOWN'],
  [
    'a label that cannot be read',
    {
      version: '2',
      get author() {
        throw new Error('mine');
      },
    },
    'TSK_ERR_METRIC_LABEL_UNREADABLE',
  ],
])('%s is refused, counted and reported; what was said stays', async (_, labels, code) => {
  const { registry, info, codes } = application();
  info.set({ version: '1', author: 'x' });
  info.set(untyped(labels));
  expect(await linesOf(registry, 'application_info')).toEqual(['application_info{version="1",author="x"} 1']);
  expect(await invalidLines(registry)).toEqual(['metrics_invalid_values_total{metric="application_info"} 1']);
  expect(codes()).toEqual([code]);
});

test.each([[undefined], [null], ['text'], [5]])('set(%j) never throws', (labels) => {
  const { info } = application();
  expect(() => info.set(untyped(labels))).not.toThrow();
});

test('reset says nothing any more; resetMetrics of the registry leaves words alone', async () => {
  const { registry, info } = application();
  info.set({ version: '1', author: 'x' });
  registry.resetMetrics();
  expect(await linesOf(registry, 'application_info')).toEqual(['application_info{version="1",author="x"} 1']);
  info.reset();
  expect(await linesOf(registry, 'application_info')).toEqual([]);
});

test('get() is a gauge for prom-client', async () => {
  const { info } = application();
  info.set({ version: '1', author: 'x' });
  expect(await info.get()).toEqual({
    name: 'application_info',
    help: 'What runs.',
    type: 'gauge',
    aggregator: 'first',
    values: [{ labels: { version: '1', author: 'x' }, value: 1 }],
  });
});

test('may be set where it is read', async () => {
  const { registry } = openRegistry();
  let commit = 'abc';
  registry.info({
    name: 'build_info',
    help: 'B.',
    labelNames: ['commit'],
    collect() {
      this.set({ commit });
    },
  });
  expect(await linesOf(registry, 'build_info')).toEqual(['build_info{commit="abc"} 1']);
  commit = 'def';
  expect(await linesOf(registry, 'build_info')).toEqual(['build_info{commit="def"} 1']);
});

test('asked for again it is the same; as another kind it is not', () => {
  const { registry, info } = application();
  expect(registry.info({ name: 'application_info', help: '', labelNames: ['version', 'author'] })).toBe(info);
  expect(thrownBy(() => registry.gauge({ name: 'application_info', help: '', labelNames: ['version', 'author'] })).message).toContain(
    'application_info exists as info {version, author} and was requested as gauge {version, author}.',
  );
  expect(new Info({ registers: [], name: 'alone_info', help: 'A.' }).type).toBe('info');
});
