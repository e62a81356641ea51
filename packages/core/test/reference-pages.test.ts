/** The snippets of docs/reference/web.md and scheduling.md run, and do what the pages say. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { ConcreteClass, Scheduler } from '@tsukimi/core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serve } from './web/serve.js';

const DOCS = new URL('../../../docs/reference/', import.meta.url);
// Inside the tests, so that the snippets are compiled as the tests are.
const FOLDER = new URL('./snippets-of-reference-pages/', import.meta.url);

type Exports = Record<string, ConcreteClass>;
const exported: Exports = {};
let webPage = '';

async function load(page: string): Promise<string> {
  const text = await readFile(new URL(`${page}.md`, DOCS), 'utf8');
  for (const [index, [, code = '']] of [...text.matchAll(/```ts\n(.*?)```/gs)].entries()) {
    const file = new URL(`${page}-${index}.ts`, FOLDER);
    await writeFile(file, code);
    Object.assign(exported, await import(/* @vite-ignore */ file.pathname));
  }
  return text;
}

function component(name: string): ConcreteClass {
  const found = exported[name];
  if (found === undefined) throw new Error(`No snippet exports ${name}`);
  return found;
}

beforeAll(async () => {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  webPage = await load('web');
  await load('scheduling');
});
afterAll(() => rm(FOLDER, { recursive: true }));

test('the controller at the top of the page', async () => {
  const { send } = await serve([component('OrderController')]);
  const payload = { amount: 5, region: 'eu' };
  expect(await send('POST /api/orders', { payload })).toMatchObject({ status: 201, json: { id: 1, ...payload } });
  expect((await send('GET /api/orders?region=us')).json).toEqual([]);
  expect((await send('GET /api/orders/1')).json).toEqual(payload);
  expect((await send('GET /api/orders/2')).json).toEqual({ statusCode: 404, error: 'Not Found', message: 'There is no order 2.' });
});

test('the answer to what does not fit is the one on the page', async () => {
  const { send } = await serve([component('OrderController')]);
  const [, shown = ''] = /```json\n(.*?)```/s.exec(webPage) ?? [];
  const { text } = await send('GET /api/orders/abc');
  expect(JSON.parse(text.replaceAll('params/id', 'params/userId').replaceAll('"id"', '"userId"'))).toEqual(JSON.parse(shown));
});

test('options, parameters, schemas and scopes', async () => {
  const names = ['ReportController', 'SearchController', 'UserController', 'Tenant', 'TenantController'];
  const { send } = await serve(names.map(component));
  expect((await send('GET /reports/2026', { headers: { 'accept-version': '2.x' } })).json).toEqual({ total: 0 });
  expect((await send('GET /reports/26', { headers: { 'accept-version': '2.x' } })).status).toBe(404);
  expect((await send('GET /search?q=moon')).json).toEqual({ text: 'moon', limit: 20, sort: 'newest' });
  expect((await send('GET /search')).status).toBe(400);
  expect((await send('POST /api/users', { payload: { username: 'tsuki', email: 'A@B.co' } })).json).toEqual({
    username: 'tsuki',
    email: 'a@b.co',
  });
  expect((await send('GET /tenant', { headers: { 'x-tenant': 'acme' } })).json).toEqual({ name: 'acme' });
});

test('the errors', () => {
  const reserve = exported['reserve'] as unknown as (stock: number) => void;
  const answer = (stock: number): string => {
    try {
      reserve(stock);
    } catch (error) {
      return JSON.stringify(error, null, 1).replace(/\s+/g, ' ');
    }
    return 'nothing';
  };
  expect(webPage).toContain(`\`${answer(0)}\``);
  expect(JSON.parse(answer(-1))).toEqual({ statusCode: 507, error: 'Insufficient Storage', message: 'No room.' });
  expect(answer(1)).toBe('nothing');
});

test('the schedule', async () => {
  const { app } = await serve([component('Reconciliation')]);
  expect(app.scheduler.tasks.map(({ name, trigger }) => [name, trigger])).toEqual([
    ['Reconciliation.reconcile', 'every 10 s'],
    ['Reconciliation.cleanUp', '1 min after the last run'],
    ['morning-report', 'cron "0 30 6 * * *" (Europe/Berlin)'],
  ]);
  const reconcileNow = exported['reconcileNow'] as unknown as (scheduler: Scheduler) => Promise<string[]>;
  expect(await reconcileNow(app.scheduler)).toEqual([
    'Reconciliation.reconcile: 1 runs, 0 failed',
    'Reconciliation.cleanUp: 0 runs, 0 failed',
    'morning-report: 0 runs, 0 failed',
  ]);
});
