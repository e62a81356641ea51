import { expect, it } from 'vitest';
import { get, post, startDemo } from '../support/demo.js';

const TSUKI = { username: 'tsuki', email: 'tsuki@example.com' };

it('creates users with ids from 1, lists them and finds each', async () => {
  const demo = await startDemo();
  expect(await get(demo, '/api/users')).toEqual({ status: 200, body: [] });
  expect(await post(demo, '/api/users', TSUKI)).toEqual({ status: 201, body: { id: 1, ...TSUKI } });
  const other = { username: 'mi.dori_2', email: 'midori@example.com' };
  expect(await post(demo, '/api/users', other)).toEqual({ status: 201, body: { id: 2, ...other } });
  const users = [
    { id: 1, ...TSUKI },
    { id: 2, ...other },
  ];
  expect(await get(demo, '/api/users')).toEqual({ status: 200, body: users });
  expect(await get(demo, '/api/users/2')).toEqual({ status: 200, body: users[1] });
});

it('refuses a username that is taken', async () => {
  const demo = await startDemo();
  await post(demo, '/api/users', TSUKI);
  expect(await post(demo, '/api/users', { ...TSUKI, email: 'other@example.com' })).toEqual({
    status: 409,
    body: { statusCode: 409, error: 'Conflict', message: 'The username tsuki is taken.' },
  });
  expect((await get(demo, '/api/users')).body).toHaveLength(1);
});

it('stores nothing but what a user has', async () => {
  const demo = await startDemo();
  expect((await post(demo, '/api/users', { id: 7, admin: true, ...TSUKI })).body).toEqual({ id: 1, ...TSUKI });
});

it.each([
  ['/api/users/2', 404, { message: 'There is no user 2.' }],
  ['/api/users/0', 404, { message: 'There is no user 0.' }],
  ['/api/users/1.5', 404, { message: 'There is no user 1.5.' }],
  ['/api/users/abc', 400, { field: 'userId' }],
])('GET %s gets a %i', async (url, status, body) => {
  const demo = await startDemo();
  await post(demo, '/api/users', TSUKI);
  expect(await get(demo, url)).toEqual({ status, body: expect.objectContaining({ statusCode: status, ...body }) });
});

it.each([
  [{ email: TSUKI.email }, 'username'],
  [{ username: TSUKI.username }, 'email'],
  [{ ...TSUKI, username: 'ab' }, 'username'],
  [{ ...TSUKI, username: 'a'.repeat(33) }, 'username'],
  [{ ...TSUKI, username: 'no spaces' }, 'username'],
  [{ ...TSUKI, username: 5 }, 'username'],
  [{ ...TSUKI, email: 'nowhere' }, 'email'],
  [{ ...TSUKI, email: `${'a'.repeat(250)}@b.de` }, 'email'],
])('POST %j gets a 400 that names %s', async (input, field) => {
  const demo = await startDemo();
  const body = expect.objectContaining({ statusCode: 400, code: 'TSK_ERR_WEB_REQUEST_INVALID', field });
  expect(await post(demo, '/api/users', input)).toEqual({ status: 400, body });
  expect((await get(demo, '/api/users')).body).toEqual([]);
});
