/** The snippets of the guide on tasks that run once in a fleet can be loaded, and its application starts where Redis is away. */
import { type Class, createApplication, type TaskRun } from '@tsukimi/core';
import { expect, onTestFinished, test } from 'vitest';
import { importSnippets } from './support/snippets.js';

const page = await importSnippets('docs/guides/run-once.md', import.meta.url);

test('the application on the page', async () => {
  const Shop = page.exported<Class>('Shop');
  const Reports = page.exported<Class>('Reports');
  expect([typeof page.exported('save'), typeof page.exported('store')]).toEqual(['function', 'function']);
  const app = await createApplication(Shop, {
    configuration: { redis: { url: 'redis://127.0.0.1:1' } },
    environment: {},
    logger: false,
  });
  onTestFinished(() => app.close());
  expect(app.resolve(Reports)).toBeInstanceOf(Reports);
  const notHeld = { isHeld: false, heldMs: null, skipped: 0 };
  expect(app.scheduler.leases).toEqual([
    { task: 'Reports.send', ...notHeld },
    { task: 'send-mails', ...notHeld },
  ]);
  await expect(app.scheduler.run('Reports.send')).rejects.toMatchObject({ code: 'TSK_ERR_SCHEDULING_ELSEWHERE' });
});

test('the task that sees the shutdown sends what there is, and nothing after that', async () => {
  const Mailer = page.exported<new () => { queue: string[]; sent: string[]; sendAll(run: TaskRun): Promise<void> }>('Mailer');
  const mailer = new Mailer();
  const stop = new AbortController();
  const run = { signal: new AbortController().signal, stopping: stop.signal, token: 1 };
  mailer.queue.push('one', 'two');
  await mailer.sendAll(run);
  mailer.queue.push('three');
  stop.abort();
  await mailer.sendAll(run);
  expect([mailer.sent, mailer.queue]).toEqual([['one', 'two'], ['three']]);
});
