/** The guide on health checks does what it says. */
import type { Class } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { importSnippets } from '../../../../test/support/snippets.js';
import { instrumentedApplication, start } from '../support/start.js';

const page = await importSnippets('docs/guides/health.md', import.meta.url);

test('the checks on the page', async () => {
  const Inventory = page.exported<Class<{ pending: number }>>('Inventory');
  const Queues = page.exported<Class>('Queues');
  const { app } = await start(instrumentedApplication([Inventory, Queues]));
  app.resolve(Inventory).pending = 12;
  const { status, checks } = await app.health.report('ready');
  // There is no such inventory.
  expect([status, checks['inventory-api']?.status]).toEqual(['down', 'down']);
  expect(checks).toMatchObject({
    backlog: { status: 'up', message: '12 orders are waiting' },
    'queue-orders': { status: 'up' },
    'queue-invoices': { status: 'up' },
  });
});

test('the paths on the page', async () => {
  const [yaml = ''] = page.blocks.filter(({ language }) => language === 'yaml').map(({ code }) => code);
  const paths = Object.fromEntries([...yaml.matchAll(/^ {2}(\w+): (\S+)$/gm)].map(([, key = '', path = '']) => [key, path]));
  const { app } = await start(instrumentedApplication([]), { configuration: { health: paths } });
  const statuses = await Promise.all(['/livez', '/readyz', '/startupz'].map(async (path) => (await app.inject(path)).statusCode));
  expect(statuses).toEqual([200, 200, 200]);
});
