/** The snippets of docs/reference/web.md run, and do what the page says. */
import { errorStatus } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { serve } from '../web/serve.js';
import { loadPage } from './reference-page.js';

const page = await loadPage('web');

test('the controller at the top of the page', async () => {
  const { send } = await serve([page.component('OrderController')]);
  const payload = { amount: 5, region: 'eu' };
  expect(await send('POST /api/orders', { payload })).toMatchObject({ status: 201, json: { id: 1, ...payload } });
  expect((await send('GET /api/orders?region=us')).json).toEqual([]);
  expect((await send('GET /api/orders/1')).json).toEqual(payload);
  expect((await send('GET /api/orders/2')).json).toEqual({ statusCode: 404, error: 'Not Found', message: 'There is no order 2.' });
});

test('the answer to what does not fit is the one on the page', async () => {
  const { send } = await serve([page.component('OrderController')]);
  const [shown = ''] = page.blocks('json');
  const { text } = await send('GET /api/orders/abc');
  expect(JSON.parse(text.replaceAll('params/id', 'params/userId').replaceAll('"id"', '"userId"'))).toEqual(JSON.parse(shown));
});

test('options, parameters, schemas and scopes', async () => {
  const names = ['ReportController', 'SearchController', 'UserController', 'Tenant', 'TenantController'];
  const { send } = await serve(names.map((name) => page.component(name)));
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
  const reserve = page.exported<(stock: number) => void>('reserve');
  const answer = (stock: number): string => {
    try {
      reserve(stock);
    } catch (error) {
      return JSON.stringify(error, null, 1).replace(/\s+/g, ' ');
    }
    return 'nothing';
  };
  expect(page.text).toContain(`\`${answer(0)}\``);
  expect(JSON.parse(answer(-1))).toEqual({ statusCode: 507, error: 'Insufficient Storage', message: 'No room.' });
  expect(answer(1)).toBe('nothing');
  const declared = (name: string) => new (page.exported<new (message: string) => Error>(name))('No moon.');
  expect(errorStatus(declared('SoldOut'))).toBe(409);
  expect(errorStatus(declared('TokenExpired'))).toBe(401);
});
