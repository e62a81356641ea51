/** Tasks that run once in a fleet, as metrics. */
import { type Extension, type LeaseStore, Scheduled, Service } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { textLines } from '../support/scrape.js';
import { instrumentedApplication, start } from '../support/start.js';

test('each instance tells whether it holds the lease, for how long, and how many due runs it has left to others', async () => {
  let holder: string | undefined;
  const store: LeaseStore = {
    name: 'memory',
    async acquire(request) {
      holder ??= request.holder;
      return holder === request.holder ? { token: 1 } : { heldForMs: 600_000 };
    },
    renew: async (request) => holder === request.holder,
    release: async () => undefined,
  };
  const leases = (): Extension => ({ name: 'memory', configure: ({ useLeaseStore }) => useLeaseStore(store) });
  @Service()
  class Reports {
    @Scheduled({ fixedRate: 600_000, once: 'fleet', leaseMs: 86_400_000, name: 'send' })
    send(): void {}
  }
  const App = instrumentedApplication([Reports], { extensions: [leases] });
  const [{ app: first }, { app: second }] = [await start(App), await start(App)];
  await first.scheduler.run('send');
  for (const attempt of [1, 2]) await second.scheduler.run('send').catch(() => attempt);
  const lines = async (app: typeof first) =>
    (await textLines(app))
      .filter((line) => /^scheduler_task_(skipped|lease)/.test(line))
      .map((line) => line.replace(/(age.*) \d.*/, '$1 some'));
  expect(await lines(first)).toEqual([
    'scheduler_task_skipped_total{task="send"} 0',
    'scheduler_task_lease_held{task="send"} 1',
    'scheduler_task_lease_age_seconds{task="send"} some',
  ]);
  expect(await lines(second)).toEqual(['scheduler_task_skipped_total{task="send"} 2', 'scheduler_task_lease_held{task="send"} 0']);
  expect(await lines(second)).toEqual(['scheduler_task_skipped_total{task="send"} 2', 'scheduler_task_lease_held{task="send"} 0']);
});
