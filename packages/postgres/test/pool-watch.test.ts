/** Pools work as they do bare, and every caller's wait for a connection is counted once. */
import { EventEmitter, once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MetricsRegistry } from '@tsukimi/metrics';
import { instrumentPool } from '@tsukimi/postgres';
import pg from 'pg';
import { describe, expect, onTestFinished, test } from 'vitest';
import { counts, failures, queries, waits } from './support/counts.js';
import { database } from './support/database.js';

const { measured, pool: barePool, url } = await database();

const sumOfWaits = async (registry: MetricsRegistry) =>
  Number(/^db_pool_wait_seconds_sum\{.*?\} (.*)$/m.exec(await registry.expose())?.[1]);

describe('connect', () => {
  test('with a callback of three arguments, which is called once', async () => {
    const { pool, registry } = measured();
    const calls: unknown[][] = [];
    await new Promise<void>((resolve) => {
      const returned: unknown = pool.connect((...args) => {
        calls.push(args);
        resolve();
      });
      expect(returned).toBeUndefined();
    });
    const [[error, client, release]] = calls as [[unknown, pg.PoolClient, unknown]];
    expect([calls.length, error, client.release === release]).toEqual([1, undefined, true]);
    client.release();
    expect(() => client.release()).toThrow('already been released');
    expect(await waits(registry)).toBe(1);
  });

  test('gives the same client to one caller after the other', async () => {
    const { pool, registry } = measured({ config: { max: 1 } });
    const first = await pool.connect();
    const second = pool.connect();
    first.release();
    expect(await second).toBe(first);
    first.release();
    expect([await waits(registry), pool.totalCount]).toEqual([2, 1]);
  });

  test('settles its promises in the same tick as a bare pool', async () => {
    const orderOf = async (pool: pg.Pool) => {
      (await pool.connect()).release();
      const order: string[] = [];
      pool.once('acquire', () => {
        let chain = Promise.resolve();
        for (const step of [1, 2, 3, 4, 5]) chain = chain.then(() => void order.push(`tick ${step}`));
      });
      const client = await pool.connect().then((connected) => {
        order.push('connected');
        return connected;
      });
      client.release();
      await nextTurn();
      return order;
    };
    const bare = await orderOf(barePool());
    expect(bare).toContain('connected');
    expect(await orderOf(measured().pool)).toEqual(bare);
  });

  test('of a pool that has ended fails as it does bare', async () => {
    const { pool, registry } = measured();
    await pool.end();
    await expect(pool.connect()).rejects.toThrow('Cannot use a pool after calling end on the pool');
    const errors: unknown[] = [];
    pool.connect((error) => errors.push(error));
    expect(errors).toEqual([new Error('Cannot use a pool after calling end on the pool')]);
    await expect(pool.end()).rejects.toThrow('Called end on pool more than once');
    expect(await counts(registry, 'db_pool_connect_failures_total')).toEqual({
      'db_pool_connect_failures_total{pool="main",sqlstate="connection"}': 2,
    });
  });

  test('leaves a rejection unhandled that nobody handles', async () => {
    const { pool } = measured({ config: { port: 1, connectionString: undefined, host: '127.0.0.1' } });
    const listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection');
    const seen = new Promise((resolve) => process.once('unhandledRejection', resolve));
    onTestFinished(() => {
      process.removeAllListeners('unhandledRejection');
      for (const listener of listeners) process.on('unhandledRejection', listener);
    });
    void pool.connect();
    expect(await seen).toMatchObject({ code: 'ECONNREFUSED' });
  });
});

describe('the wait', () => {
  test('is as long as the caller waited', async () => {
    const { pool, registry } = measured({ config: { max: 1 } });
    const client = await pool.connect();
    const before = await sumOfWaits(registry);
    const waiting = pool.query('SELECT 1');
    await client.query('SELECT pg_sleep(0.1)');
    client.release();
    await waiting;
    expect((await sumOfWaits(registry)) - before).toBeGreaterThan(0.1);
    expect(await waits(registry)).toBe(2);
  });

  test('is counted when it takes too long', async () => {
    const { pool, registry } = measured({ config: { max: 1 } });
    const client = await pool.connect();
    pool.options.connectionTimeoutMillis = 60;
    const before = await sumOfWaits(registry);
    await expect(pool.query('/* name: late */ SELECT 1')).rejects.toThrow('timeout exceeded when trying to connect');
    await expect(pool.connect()).rejects.toThrow('timeout exceeded when trying to connect');
    client.release();
    expect((await sumOfWaits(registry)) - before).toBeGreaterThan(0.11);
    expect(await waits(registry)).toBe(3);
    expect(await counts(registry, 'db_pool_connect_failures_total')).toEqual({
      'db_pool_connect_failures_total{pool="main",sqlstate="connection"}': 2,
    });
    expect([await failures(registry), await queries(registry)]).toEqual([{ connection: 1 }, { 'select late': 1 }]);
  });

  test('ends with the SQLSTATE of a server that refuses the user', async () => {
    const { pool, registry } = measured({ config: { connectionString: url.replace(/:[^:@]+@/, ':wrong@') } });
    await expect(pool.query('SELECT 1')).rejects.toMatchObject({ code: '28P01' });
    expect(await failures(registry)).toEqual({ '28': 1 });
  });
});

describe('kinds of pools', () => {
  test('pg-pool alone', async () => {
    const registry = new MetricsRegistry();
    // It has no declarations of its own.
    const { default: PgPool } = (await import('pg-pool' as string)) as { readonly default: typeof pg.Pool };
    const pool = instrumentPool(new PgPool({ connectionString: url }), { name: 'main', registry });
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    await pool.end();
    expect([await queries(registry), await waits(registry)]).toEqual([{ 'select <unnamed>': 1 }, 1]);
  });

  test('one whose class takes no callbacks', async () => {
    class Tenants extends pg.Pool {
      // biome-ignore lint/suspicious/noExplicitAny: pg's declaration
      override async connect(): Promise<any> {
        const client = await super.connect();
        await client.query('SET application_name = tenant');
        return client;
      }
    }
    const registry = new MetricsRegistry();
    const pool = instrumentPool(new Tenants({ connectionString: url }), { name: 'main', registry });
    const client = await pool.connect();
    expect((await client.query('SHOW application_name')).rows).toEqual([{ application_name: 'tenant' }]);
    client.release();
    await pool.end();
    expect([await queries(registry), await waits(registry)]).toEqual([{ 'set <unnamed>': 2 }, 1]);
  });

  test('one with hooks and listeners that send queries', async () => {
    const { pool, registry } = measured({
      config: { onConnect: (client) => void client.query('SET statement_timeout = 1000').catch(() => {}) },
    });
    pool.on('connect', (client) => void client.query("SET application_name = 'io'"));
    await pool.query('SELECT 1');
    expect(await queries(registry)).toEqual({ 'set <unnamed>': 2, 'select <unnamed>': 1 });
  });

  test('one whose clients are no pg clients is measured without its queries, and says so once', async () => {
    class Strange extends EventEmitter {
      _queryable = true;
      connect(done: () => void) {
        queueMicrotask(done);
      }
      query(_text: string, _values: unknown, done: (error: undefined, result: string) => void) {
        queueMicrotask(() => done(undefined, 'result'));
      }
      end(done: () => void) {
        done();
      }
    }
    const warning = once(process, 'warning');
    const { pool, registry } = measured({ config: { Client: Strange as never } });
    expect(await pool.query('SELECT 1')).toBe('result');
    expect(await pool.query('SELECT 1')).toBe('result');
    expect(String((await warning)[0])).toContain("The clients of the pool main are not those of pg's JavaScript driver");
    expect([await queries(registry), await waits(registry)]).toEqual([{}, 2]);
  });
});

test('a client that is in use when the pool is instrumented is measured from the next time on', async () => {
  const pool = barePool({ max: 1 });
  const client = await pool.connect();
  const registry = new MetricsRegistry();
  instrumentPool(pool, { name: 'main', registry });
  await client.query('SELECT 1');
  client.release();
  await pool.query('SELECT 1');
  expect([await queries(registry), await waits(registry)]).toEqual([{ 'select <unnamed>': 1 }, 1]);
});

test('nothing of an instrumented pool shows when it is printed or compared', async () => {
  const bare = barePool();
  const { pool } = measured();
  expect(Object.keys(pool)).toEqual(Object.keys(bare));
  const [one, other] = [await bare.connect(), await pool.connect()];
  expect(Object.keys(other)).toEqual(Object.keys(one));
  one.release();
  other.release();
});
