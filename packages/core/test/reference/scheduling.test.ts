/** The snippets of docs/reference/scheduling.md run, and do what the page says. */
import type { Scheduler } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { serve } from '../web/serve.js';
import { loadPage } from './reference-page.js';

const page = await loadPage('scheduling');

test('the schedule', async () => {
  const { app } = await serve([page.component('Reconciliation')]);
  expect(app.scheduler.tasks.map(({ name, trigger }) => [name, trigger])).toEqual([
    ['Reconciliation.reconcile', 'every 10 s'],
    ['Reconciliation.cleanUp', '1 min after the last run'],
    ['morning-report', 'cron "0 30 6 * * *" (Europe/Berlin)'],
  ]);
  const reconcileNow = page.exported<(scheduler: Scheduler) => Promise<string[]>>('reconcileNow');
  expect(await reconcileNow(app.scheduler)).toEqual([
    'Reconciliation.reconcile: 1 runs, 0 failed',
    'Reconciliation.cleanUp: 0 runs, 0 failed',
    'morning-report: 0 runs, 0 failed',
  ]);
});
