/** The snippets of the guide on tasks that run once in a fleet can be loaded, and its application starts where Redis is away. */
import { type Class, createApplication } from '@tsukimi/core';
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
  expect(app.scheduler.leases).toEqual([{ task: 'Reports.send', isHeld: false, heldMs: null, skipped: 0 }]);
  await expect(app.scheduler.run('Reports.send')).rejects.toMatchObject({ code: 'TSK_ERR_SCHEDULING_ELSEWHERE' });
});
