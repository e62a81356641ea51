import { expect, it } from 'vitest';
import { post, startDemo } from '../support/demo.js';
import { samplesOf } from '../support/scrape.js';

const TASK = 'ReconciliationService.reconcile';

it.each([0, -1])('fails while there is an order with the amount %d', async (amount) => {
  const demo = await startDemo();
  await post(demo, '/api/users', { username: 'tsuki', email: 'tsuki@example.com' });
  await post(demo, '/api/orders', { user_id: 1, product_type: 'lamp', amount: 0.01, region: 'eu' });
  await demo.scheduler.run(TASK);
  const { status } = await post(demo, '/api/orders', { user_id: 1, product_type: 'lamp', amount, region: 'eu' });
  expect(status).toBe(201);
  const message =
    '1 order(s) with a non-positive amount, the first is order 2. This is part of the demo: the task fails while there is one.';
  // One line in the log, not a stack every ten seconds.
  await expect(demo.scheduler.run(TASK)).rejects.toMatchObject({ message, stack: `NonPositiveAmountError: ${message}` });
  await expect(demo.scheduler.run(TASK)).rejects.toThrow(message);

  expect(await samplesOf(demo, 'scheduler_task_executions_total')).toEqual([
    [{ task: TASK, status: 'success' }, 1],
    [{ task: TASK, status: 'failure' }, 2],
  ]);
  const state = { name: TASK, trigger: 'every 10 s', running: false, executions: 3, failures: 2, lastError: message };
  expect(demo.scheduler.tasks).toEqual([expect.objectContaining(state)]);
});
