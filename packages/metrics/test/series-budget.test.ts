/** A million label sets thrown at one metric: memory stays flat, what was there first stays exact, and the rest is counted. */
import { expect, test } from 'vitest';
import { collectGarbage } from './support/collect-garbage.js';
import { droppedLines, openRegistry } from './support/open-registry.js';

const BUDGET = 2000;
const THROWN = 1_000_000;
const MEBIBYTE = 2 ** 20;

test('1,000,000 label sets', async () => {
  const { registry, codes } = openRegistry({ maxSeriesPerMetric: BUDGET });
  const counter = registry.counter({ name: 'hits_total', help: 'Hits.', labelNames: ['user', 'path'] });
  for (let user = 0; user < BUDGET; user += 1) counter.inc({ user, path: '/' }, user);
  await registry.expose();
  const before = collectGarbage();
  let most = 0;
  for (let user = BUDGET; user < THROWN; user += 1) {
    counter.inc({ user: `user-${user}`, path: '/' });
    if (user % 200_000 === 0) most = Math.max(most, collectGarbage());
  }
  const text = await registry.expose({ names: ['hits_total'] });
  most = Math.max(most, collectGarbage());
  expect(most - before).toBeLessThan(20 * MEBIBYTE);
  const lines = text.split('\n').filter((line) => line.startsWith('hits_total{'));
  const kept = Array.from({ length: BUDGET }, (_, user) => `hits_total{user="${user}",path="/"} ${user}`);
  expect(lines).toEqual([...kept, `hits_total{user="__overflow__",path="__overflow__"} ${THROWN - BUDGET}`]);
  expect(await droppedLines(registry)).toEqual([`metrics_series_dropped_total{metric="hits_total"} ${THROWN - BUDGET}`]);
  expect(codes()).toEqual(['TSK_ERR_METRIC_SERIES_BUDGET']);
}, 120_000);

test.each(['histogram', 'summary', 'stateSet', 'info', 'gauge'] as const)('a %s keeps to the budget', async (kind) => {
  const { registry } = openRegistry({ maxSeriesPerMetric: 3 });
  const options = { name: 'm', help: 'M.', labelNames: ['id'] as const };
  const record = {
    histogram: (id: number) => registry.histogram(options).observe({ id }, 1),
    summary: (id: number) => registry.summary(options).observe({ id }, 1),
    gauge: (id: number) => registry.gauge(options).set({ id }, 1),
    stateSet: (id: number) => registry.stateSet({ ...options, states: ['on', 'off'] }).set({ id }, 'on'),
    info: (id: number) => registry.info(options).set({ id }),
  }[kind];
  for (let id = 0; id < 10; id += 1) record(id);
  const labels = registry.instruments.at(-1)?.series.map(({ labelValues }) => labelValues[0]);
  expect(labels).toEqual(kind === 'info' ? ['9'] : ['0', '1', '2', '__overflow__']);
  expect(await droppedLines(registry)).toEqual(kind === 'info' ? [] : ['metrics_series_dropped_total{metric="m"} 7']);
});
