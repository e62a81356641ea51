/** What goes wrong between an application and its database is counted as what it is. */
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { startPostgres } from '../../../test/support/postgres/server.js';
import { waitUntil } from '../../../test/support/wait-until.js';
import { counts, failures, queries, rows, transactions, waits } from './support/counts.js';
import { database } from './support/database.js';

const { measured } = await database('CREATE TABLE moons (id int PRIMARY KEY, seen int); INSERT INTO moons VALUES (1, 0), (2, 0)');

const gauges = async (registry: Parameters<typeof counts>[0]) =>
  Object.fromEntries(
    Object.entries(await counts(registry, 'db_pool_connections', 'db_pool_waiting', 'db_pool_limit')).map(([sample, value]) => [
      sample.replace(/^db_pool_(\w+)\{pool="main"(?:,state="(\w+)")?\}$/, (_, name, state) => state ?? name),
      value,
    ]),
  );

test('an exhausted pool: who waits is seen, and every wait is counted', async () => {
  const { pool, registry } = measured({ config: { max: 3 } });
  const held = await Promise.all([pool.connect(), pool.connect(), pool.connect()]);
  const waiting = Array.from({ length: 5 }, (_, index) => pool.query('/* name: late */ SELECT $1::int AS n', [index]));
  expect(await gauges(registry)).toEqual({ used: 3, waiting: 5, limit: 3 });
  for (const client of held) client.release();
  expect((await Promise.all(waiting)).map(({ rows: [row] }) => row)).toEqual([0, 1, 2, 3, 4].map((n) => ({ n })));
  expect(await gauges(registry)).toEqual({ idle: 3, limit: 3 });
  expect([await waits(registry), await queries(registry), await rows(registry)]).toEqual([8, { 'select late': 5 }, { select: 5 }]);
  await pool.end();
  expect(await gauges(registry)).toEqual({});
});

test('a query that is cancelled', async () => {
  const { pool, registry } = measured();
  const client = await pool.connect();
  const {
    rows: [own],
  } = await client.query('SELECT pg_backend_pid() AS pid');
  const slow = client.query('/* name: slow */ SELECT pg_sleep(30)');
  const outcome = expect(slow).rejects.toMatchObject({ code: '57014' });
  await pool.query('SELECT pg_cancel_backend($1)', [own.pid]);
  await outcome;
  expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  client.release();
  expect([await failures(registry), await queries(registry)]).toEqual([{ 57: 1 }, { 'select <unnamed>': 3, 'select slow': 1 }]);
});

test('a deadlock between two transactions', async () => {
  const { pool, registry } = measured();
  const step = '/* name: see */ UPDATE moons SET seen = seen + 1 WHERE id = $1';
  const [one, other] = [await pool.connect(), await pool.connect()];
  await Promise.all([one.query('BEGIN'), other.query('BEGIN')]);
  await Promise.all([one.query(step, [1]), other.query(step, [2])]);
  const results = await Promise.allSettled([one.query(step, [2]), other.query(step, [1])]);
  expect(results.filter(({ status }) => status === 'rejected')).toMatchObject([{ reason: { code: '40P01' } }]);
  await Promise.all([one.query('COMMIT'), other.query('COMMIT')]);
  one.release();
  other.release();
  expect(await failures(registry)).toEqual({ 40: 1 });
  expect(await transactions(registry)).toEqual({ commit: 1, rollback: 1 });
  expect(await queries(registry)).toEqual({ 'begin <unnamed>': 2, 'update see': 4, 'commit <unnamed>': 2 });
  expect(await rows(registry)).toEqual({ update: 3 });
});

test('a connection that the server ends', async () => {
  const { pool, registry } = measured();
  const errors: Error[] = [];
  pool.on('error', (error) => errors.push(error));
  const client = await pool.connect();
  client.on('error', (error) => errors.push(error));
  const {
    rows: [own],
  } = await client.query('SELECT pg_backend_pid() AS pid');
  await client.query('BEGIN');
  const running = expect(client.query('SELECT pg_sleep(30)')).rejects.toMatchObject({ code: '57P01' });
  await pool.query('SELECT pg_terminate_backend($1)', [own.pid]);
  await running;
  await waitUntil('the end of the connection', () => errors.length > 0);
  await expect(client.query('SELECT 1')).rejects.toThrow('Client has encountered a connection error and is not queryable');
  client.release(true);
  expect([await failures(registry), await transactions(registry)]).toEqual([{ 57: 1, connection: 1 }, { error: 1 }]);
  expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
});

describe('a server that is restarted in the middle', async () => {
  const server = await startPostgres();
  afterAll(() => server.end());

  test.each(['stop', 'kill'] as const)('by %s: every query is counted once', async (how) => {
    const { pool, registry } = measured({ config: { connectionString: server.url, max: 4 } });
    const errors: Error[] = [];
    pool.on('error', (error) => errors.push(error));
    const held = await pool.connect();
    held.on('error', (error) => errors.push(error));
    await held.query('BEGIN');
    let [made, answered, failed] = [0, 0, 0];
    const ask = async () => {
      made += 1;
      await pool.query('/* name: ask */ SELECT 1').then(
        () => {
          answered += 1;
        },
        () => {
          failed += 1;
        },
      );
    };
    for (let round = 0; round < 10; round += 1) await Promise.all([ask(), ask(), ask()]);
    const during = Array.from({ length: 10 }, ask);
    await Promise.all([server[how](), ...during]);
    await waitUntil('the loss of the held client', () => errors.length > 0);
    await Promise.all(Array.from({ length: 10 }, ask));
    await expect(held.query('COMMIT')).rejects.toThrow();
    held.release(true);
    await server.start();
    for (let round = 0; round < 10; round += 1) await ask();

    expect(made).toBe(60);
    expect(failed).toBeGreaterThanOrEqual(10);
    expect(answered).toBeGreaterThanOrEqual(40);
    expect(await queries(registry)).toEqual({ 'select ask': 60, 'begin <unnamed>': 1, 'commit <unnamed>': 1 });
    expect(Object.values(await failures(registry)).reduce((sum, each) => sum + each, 0)).toBe(failed + 1);
    expect(await transactions(registry)).toEqual({ error: 1 });
    expect(await waits(registry)).toBe(61);
    expect(await registry.expose()).not.toContain(new pg.Client(server.url).password);
    await pool.end();
  });
});
