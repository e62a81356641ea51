/** docs/guides/service-level-objectives.md: its application counts what the page says. */
import type { Class } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { importSnippets } from '../../../../test/support/snippets.js';
import { textLines } from '../support/scrape.js';
import { start } from '../support/start.js';

const page = await importSnippets('docs/guides/service-level-objectives.md', import.meta.url);

test('the application exposes the lines below it', async () => {
  const { app, warnings } = await start(page.exported<Class>('ShopApplication'));
  const order = (amount: number) => app.inject({ method: 'POST', url: '/api/orders', payload: { amount } });
  const answers = [await order(20), await order(2000), await app.inject('/api/orders/1'), await app.inject('/api/orders/7')];
  expect(answers.map(({ statusCode }) => statusCode)).toEqual([200, 500, 200, 404]);
  const shown = page.blocks.find(({ language }) => language === 'text')?.code.trim();
  expect((await textLines(app)).filter((line) => line.startsWith('slo_')).join('\n')).toBe(shown);
  expect(warnings()).toEqual([]);
});
