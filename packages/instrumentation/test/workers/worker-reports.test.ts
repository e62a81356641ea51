/** What a worker sends to the primary: each change once, unless it is not confirmed. */
import { deserialize } from 'node:v8';
import type { WorkerLink } from '@tsukimi/core';
import { MetricsRegistry, Totals } from '@tsukimi/metrics';
import { afterEach, expect, test, vi } from 'vitest';
import { CHANGES, COLLECT, type CollectAnswer, type CollectQuestion, type UnconfirmedChanges } from '../../src/workers/channels.js';
import { WorkerReports } from '../../src/workers/worker-reports.js';

const SOURCE = { worker: 1, incarnation: 1 };

afterEach(() => vi.useRealTimers());

/** A worker with a counter, and a primary that notes how many messages come at a time. */
function workerAndPrimary() {
  const registry = new MetricsRegistry();
  const totals = new Totals({ registry: new MetricsRegistry() });
  const came: number[] = [];
  const words = new Map<string, () => Uint8Array | undefined>();
  let collect: (question: CollectQuestion) => Promise<CollectAnswer> = () => Promise.reject(new Error('nobody answers'));
  const take = (changes: UnconfirmedChanges): number => {
    came.push(changes.length);
    for (const each of changes) totals.apply(SOURCE, each);
    return totals.received(SOURCE);
  };
  const link: WorkerLink = {
    ...SOURCE,
    tell() {},
    ask: async (channel, message) => (channel === CHANGES ? take(message as UnconfirmedChanges) : undefined),
    onTold() {},
    onAsked(channel, handler) {
      if (channel === COLLECT) collect = async (question) => (await handler(question)) as CollectAnswer;
    },
    lastWords: (channel, write) => void words.set(channel, write),
  };
  const reports = new WorkerReports({ link, registry, facts: () => Promise.reject(new Error('nobody asks')) as never });
  return {
    counter: registry.counter({ name: 'orders_total', help: 'Orders.' }),
    reports,
    came,
    take,
    ask: async () => (await collect({ confirmed: totals.received(SOURCE), facts: false })).changes,
    lastWords: () => deserialize(words.get(CHANGES)?.() ?? new Uint8Array()) as UnconfirmedChanges,
    total: async () =>
      (await totals.registry.expose({ names: ['orders_total'] })).split('\n').find((line) => line.startsWith('orders_total ')),
  };
}

test('what was sent as an answer is not sent again, and the primary confirms it', async () => {
  const { counter, reports, came, take, ask, lastWords, total } = workerAndPrimary();
  counter.inc(2);
  const [first, second] = await Promise.all([ask(), ask()]);
  for (const answer of [first, second]) take(answer);
  expect(came.toSorted()).toEqual([0, 1]);
  expect(lastWords()).toHaveLength(1);
  await reports.send();
  expect(came.at(-1)).toBe(0);
  expect(lastWords()).toHaveLength(0);
  // Nothing is left to confirm.
  await reports.send();
  expect(came).toHaveLength(3);
  counter.inc();
  await reports.send();
  expect(came.at(-1)).toBe(1);
  expect(await total()).toBe('orders_total 3');
});

test('what nobody confirms comes again after 5 s, and counts once', async () => {
  vi.useFakeTimers({ toFake: ['performance'], now: 1_000_000 });
  const { counter, reports, came, take, ask, total } = workerAndPrimary();
  counter.inc(2);
  const lost = await ask();
  vi.advanceTimersByTime(4999);
  expect(await ask()).toHaveLength(0);
  vi.advanceTimersByTime(1);
  await reports.send();
  expect(came).toEqual([1]);
  take(lost);
  expect(await total()).toBe('orders_total 2');
});
