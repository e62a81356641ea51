import type { Application } from 'tsukimi';
import { expect, it } from 'vitest';
import { get, post, startDemo } from '../support/demo.js';

const LAMP = { user_id: 1, product_type: 'lamp', amount: 19.99, region: 'eu' };
const TEA = { user_id: 2, product_type: 'tea', amount: 5.01, region: 'ap' };

async function demoWithTwoUsers(): Promise<Application> {
  const demo = await startDemo();
  for (const username of ['tsuki', 'hoshi']) await post(demo, '/api/users', { username, email: `${username}@example.com` });
  return demo;
}

it('creates orders with ids from 1, lists all and those of one user', async () => {
  const demo = await demoWithTwoUsers();
  expect(await post(demo, '/api/orders', LAMP)).toEqual({ status: 201, body: { id: 1, ...LAMP } });
  expect(await post(demo, '/api/orders', TEA)).toEqual({ status: 201, body: { id: 2, ...TEA } });
  expect(await get(demo, '/api/orders')).toEqual({
    status: 200,
    body: [
      { id: 1, ...LAMP },
      { id: 2, ...TEA },
    ],
  });
  expect(await get(demo, '/api/orders/user/2')).toEqual({ status: 200, body: [{ id: 2, ...TEA }] });
});

it('gives a user without orders an empty list, and an unknown one a 404', async () => {
  const demo = await demoWithTwoUsers();
  expect(await get(demo, '/api/orders/user/1')).toEqual({ status: 200, body: [] });
  expect(await get(demo, '/api/orders/user/3')).toEqual({
    status: 404,
    body: { statusCode: 404, error: 'Not Found', message: 'There is no user 3.' },
  });
  expect(await get(demo, '/api/orders/user/one')).toEqual({ status: 400, body: expect.objectContaining({ field: 'userId' }) });
});

it('refuses an order for an unknown user', async () => {
  const demo = await demoWithTwoUsers();
  expect(await post(demo, '/api/orders', { ...LAMP, user_id: 3 })).toEqual({
    status: 404,
    body: { statusCode: 404, error: 'Not Found', message: 'There is no user 3.' },
  });
  expect((await get(demo, '/api/orders')).body).toEqual([]);
});

it('fails with a 500 that tells nothing where the amount does not fit its column', async () => {
  const demo = await demoWithTwoUsers();
  expect(await post(demo, '/api/orders', { ...LAMP, amount: 99_999_999.99 })).toEqual(expect.objectContaining({ status: 201 }));
  expect(await post(demo, '/api/orders', { ...LAMP, amount: 1e8 })).toEqual({
    status: 500,
    body: { statusCode: 500, error: 'Internal Server Error', message: 'Internal Server Error' },
  });
  expect((await get(demo, '/api/orders')).body).toHaveLength(1);
});

it('adds up the revenue, in cents, by region', async () => {
  const demo = await demoWithTwoUsers();
  expect(await get(demo, '/api/orders/revenue')).toEqual({ status: 200, body: { order_count: 0, total_revenue: 0, by_region: {} } });
  for (const amount of [0.1, 0.2]) await post(demo, '/api/orders', { ...LAMP, amount });
  await post(demo, '/api/orders', { ...TEA, region: '__proto__' });
  const { status, body } = await get(demo, '/api/orders/revenue');
  expect(status).toBe(200);
  expect(JSON.stringify(body)).toBe('{"order_count":3,"total_revenue":5.31,"by_region":{"eu":0.3,"__proto__":5.01}}');
});

it.each([
  [{ ...LAMP, user_id: undefined }, 'user_id'],
  [{ ...LAMP, user_id: 0 }, 'user_id'],
  [{ ...LAMP, user_id: 1.5 }, 'user_id'],
  [{ ...LAMP, user_id: '1' }, 'user_id'],
  [{ ...LAMP, product_type: '' }, 'product_type'],
  [{ ...LAMP, product_type: 'x'.repeat(65) }, 'product_type'],
  [{ ...LAMP, amount: 'a lot' }, 'amount'],
  [{ ...LAMP, amount: null }, 'amount'],
  [{ ...LAMP, region: undefined }, 'region'],
])('POST %j gets a 400 that names %s', async (input, field) => {
  const demo = await demoWithTwoUsers();
  const body = expect.objectContaining({ statusCode: 400, code: 'TSK_ERR_WEB_REQUEST_INVALID', field });
  expect(await post(demo, '/api/orders', input)).toEqual({ status: 400, body });
  expect((await get(demo, '/api/orders')).body).toEqual([]);
});

it('refuses an amount that no number can hold', async () => {
  const demo = await demoWithTwoUsers();
  const payload = '{"user_id":1,"product_type":"lamp","amount":1e999,"region":"eu"}';
  const response = await demo.inject({ method: 'POST', url: '/api/orders', headers: { 'content-type': 'application/json' }, payload });
  expect([response.statusCode, response.json().field]).toEqual([400, 'amount']);
});

it('refuses a body that is no JSON, and none', async () => {
  const demo = await demoWithTwoUsers();
  const headers = { 'content-type': 'application/json' };
  expect((await demo.inject({ method: 'POST', url: '/api/orders', headers, payload: '{"user_id":' })).statusCode).toBe(400);
  expect((await demo.inject({ method: 'POST', url: '/api/orders' })).statusCode).toBe(400);
});
