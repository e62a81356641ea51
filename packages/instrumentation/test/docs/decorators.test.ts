/** docs/reference/decorators.md: its applications measure what the page says. */
import type { Class } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { importSnippets } from '../../../../test/support/snippets.js';
import { jsonView, textLines } from '../support/scrape.js';
import { start } from '../support/start.js';

const page = await importSnippets('docs/reference/decorators.md', import.meta.url);

async function measured(name: string): Promise<string[]> {
  const { app, warnings } = await start(page.exported<Class>(name));
  expect(warnings()).toEqual([]);
  const { components } = (await jsonView(app)).instrumentation;
  return Object.entries<{ methods: object }>(components).flatMap(([component, { methods }]) =>
    Object.keys(methods).map((method) => `${component}.${method}`),
  );
}

/** The names in backticks of the sentence that begins with "This measures", below a snippet. */
function promised(index: number): string[] {
  const sentence = [...page.text.matchAll(/^This measures (.*?)[,.]? ?(?:every|and serves|$)/gm)][index]?.[1] ?? '';
  return [...sentence.matchAll(/`([\w-]+\.\w+)`/g)].map(([, name]) => name as string);
}

test('the application at the top', async () => {
  expect(promised(0)).toHaveLength(2);
  expect((await measured('ShopApplication')).sort()).toEqual(promised(0).sort());
});

test('one component, one method', async () => {
  expect(promised(1)).toHaveLength(4);
  expect((await measured('ReportApplication')).sort()).toEqual(promised(1).sort());
});

test('metrics of single methods', async () => {
  const { app } = await start(page.exported<Class>('PaymentApplication'));
  const payments = app.resolve(page.exported<Class<{ pay(amount: number): Promise<unknown> }>>('PaymentService'));
  await payments.pay(10);
  await expect(payments.pay(0)).rejects.toThrow('nothing to pay');
  const shown = page.blocks
    .find(({ language }) => language === 'text')
    ?.code.trim()
    .split('\n');
  expect((await textLines(app)).filter((line) => /^payment/.test(line) && !/_bucket|_sum/.test(line))).toEqual(shown);
});

test('labels that depend on the call', async () => {
  const { app } = await start(page.exported<Class>('CheckoutApplication'));
  const checkouts = app.resolve(
    page.exported<Class<{ checkOut(order: object, items: readonly string[]): Promise<number> }>>('CheckoutService'),
  );
  expect(await checkouts.checkOut({ tier: 'paid', country: 'JP' }, ['tea'])).toBe(1);
  const shown = page.blocks.filter(({ language }) => language === 'text')[1]?.code.trim();
  expect((await textLines(app)).filter((line) => /^checkout/.test(line) && !/_bucket|_sum/.test(line)).join('\n')).toBe(shown);
});

test('labels that depend on the request', async () => {
  const { app } = await start(page.exported<Class>('LedgerApplication'));
  await app.inject({ url: '/reports', headers: { 'x-plan': 'paid', 'x-tenant': 'acme' } });
  const shown = page.blocks.filter(({ language }) => language === 'text')[2]?.code.trim();
  expect((await textLines(app)).filter((line) => /^http_request(s_total|_duration_seconds_count)/.test(line)).join('\n')).toBe(shown);
});

test('a service level objective', async () => {
  const { app, warnings } = await start(page.exported<Class>('MoonApplication'));
  for (const url of ['/moons', '/moons/phase']) expect((await app.inject(url)).statusCode).toBe(200);
  const shown = page.blocks.filter(({ language }) => language === 'text')[3]?.code.trim();
  expect((await textLines(app)).filter((line) => line.startsWith('slo_')).join('\n')).toBe(shown);
  expect(warnings()).toEqual([]);
});
