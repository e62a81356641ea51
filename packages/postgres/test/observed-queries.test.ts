/** Observers of a registry see each query of its pools once, in the context of the caller. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { type ClientCall, type EndedClientCall, observeClientCalls } from '@tsukimi/instrumentation';
import type { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, onTestFinished, test } from 'vitest';
import { database } from './support/database.js';

const { measured } = await database();

const local = new AsyncLocalStorage<string>();

interface Seen {
  readonly call: ClientCall;
  readonly caller: string | undefined;
  end: EndedClientCall | undefined;
}

function observe(registry: MetricsRegistry): readonly Seen[] {
  const all: Seen[] = [];
  const observed = observeClientCalls(registry, {
    began: (call) => {
      const seen: Seen = { call, caller: local.getStore(), end: undefined };
      all.push(seen);
      return {
        ended: (end) => {
          seen.end = end;
        },
      };
    },
  });
  onTestFinished(() => observed.stop());
  return all;
}

describe('each query', () => {
  test('of a pool and of a client is seen once, with its labels', async () => {
    const { pool, registry } = measured();
    const seen = observe(registry);
    await pool.query('/* name: one */ SELECT $1::int AS number', [1]);
    const client = await pool.connect();
    await client.query('SELECT 2');
    client.release();
    expect(seen).toMatchObject([
      {
        call: {
          kind: 'database',
          system: 'postgresql',
          pool: 'main',
          operation: 'select',
          statement: 'one',
          text: '/* name: one */ SELECT $1::int AS number',
        },
        end: { failure: undefined },
      },
      { call: { statement: '<unnamed>', text: 'SELECT 2' }, end: { failure: undefined } },
    ]);
    expect(seen).toHaveLength(2);
  });

  test('that fails has the class of its SQLSTATE, and the error', async () => {
    const { pool, registry } = measured();
    const seen = observe(registry);
    await expect(pool.query('SELECT nothing')).rejects.toThrow('nothing');
    expect(seen.map(({ end }) => end)).toMatchObject([{ failure: '42', error: { code: '42703' } }]);
  });

  test('that gets no connection fails', async () => {
    const { pool, registry } = measured({ config: { connectionString: 'postgres://nobody@127.0.0.1:1/nothing' } });
    const seen = observe(registry);
    await expect(pool.query('SELECT 1')).rejects.toThrow();
    expect(seen).toMatchObject([{ call: { text: 'SELECT 1' }, end: { failure: 'connection' } }]);
  });
});

test('a query begins in the context of its caller, also if it has waited for a connection', async () => {
  const { pool, registry } = measured({ config: { max: 2 } });
  const seen = observe(registry);
  const callers = Array.from({ length: 50 }, (_, index) => `caller ${index}`);
  await Promise.all(callers.map((caller) => local.run(caller, () => pool.query('SELECT $1::text AS caller /* waits */', [caller]))));
  await Promise.all(callers.map((caller) => local.run(caller, () => new Promise((resolve) => pool.query('SELECT 1', resolve)))));
  expect(seen.map(({ caller }) => caller).sort()).toEqual([...callers, ...callers].sort());
  expect(seen.every(({ end }) => end?.failure === undefined)).toBe(true);
});

test('an observer that has stopped sees no further queries', async () => {
  const { pool, registry } = measured();
  let count = 0;
  const observed = observeClientCalls(registry, {
    began: () => {
      count += 1;
      return undefined;
    },
  });
  await pool.query('SELECT 1');
  observed.stop();
  await pool.query('SELECT 1');
  expect(count).toBe(1);
});
