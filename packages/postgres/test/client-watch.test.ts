/** Each query of a client is counted once, whatever way it is made, and works as it does bare. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import Cursor from 'pg-cursor';
import QueryStream from 'pg-query-stream';
import { describe, expect, test } from 'vitest';
import { failures, queries, rows, transactions, waits } from './support/counts.js';
import { database } from './support/database.js';

const { measured, pool: barePool } = await database(
  'CREATE TABLE moons (id int PRIMARY KEY, name text); CREATE TABLE copied (id int, name text)',
);

describe('queries', () => {
  test('by promise', async () => {
    const { pool, registry } = measured();
    const result = await pool.query('SELECT generate_series(1, $1::int) AS n', [3]);
    expect(result.rows).toEqual([{ n: 1 }, { n: 2 }, { n: 3 }]);
    expect([await queries(registry), await rows(registry), await waits(registry)]).toEqual([{ 'select <unnamed>': 1 }, { select: 3 }, 1]);
  });

  test('by callback', async () => {
    const { pool, registry } = measured();
    const client = await pool.connect();
    const result = await new Promise<pg.QueryResult>((resolve, reject) => {
      const returned: unknown = client.query('/* name: one */ SELECT 1 AS one', (error, result) =>
        error ? reject(error) : resolve(result),
      );
      expect(returned).toBeUndefined();
    });
    client.release();
    expect(result.rows).toEqual([{ one: 1 }]);
    expect([await queries(registry), await rows(registry), await waits(registry)]).toEqual([{ 'select one': 1 }, { select: 1 }, 1]);
  });

  test('by pool.query with a callback, which is called once', async () => {
    const { pool, registry } = measured();
    const results: unknown[] = [];
    await new Promise<void>((resolve) => {
      const returned: unknown = pool.query({ name: 'two', text: 'SELECT 2 AS two', values: [] }, (...args) => {
        results.push(args);
        resolve();
      });
      expect(returned).toBeUndefined();
    });
    expect(results).toEqual([[undefined, expect.objectContaining({ rows: [{ two: 2 }] })]]);
    expect(await queries(registry)).toEqual({ 'select two': 1 });
  });

  test('by a Query object, which is returned, and by its events', async () => {
    const { pool, registry } = measured();
    const client = await pool.connect();
    const query = new pg.Query('SELECT 1 AS one');
    const seen: unknown[] = [];
    query.on('row', (row) => seen.push(row));
    expect(client.query(query)).toBe(query);
    await once(query, 'end');
    client.release();
    expect(seen).toEqual([{ one: 1 }]);
    expect(await queries(registry)).toEqual({ 'select <unnamed>': 1 });
  });

  test('that wait behind each other', async () => {
    const { pool, registry } = measured({ config: { max: 1 } });
    await Promise.all(Array.from({ length: 20 }, (_, index) => pool.query('SELECT $1::int', [index])));
    expect([await queries(registry), await rows(registry), await waits(registry)]).toEqual([
      { 'select <unnamed>': 20 },
      { select: 20 },
      20,
    ]);
  });

  test('of several statements', async () => {
    const { pool, registry } = measured();
    const results = (await pool.query(
      'INSERT INTO moons VALUES (901, $$Io$$), (902, $$Europa$$); SELECT * FROM moons WHERE id > 900; DELETE FROM moons WHERE id > 900',
    )) as unknown as pg.QueryResult[];
    expect(results.map(({ rowCount }) => rowCount)).toEqual([2, 2, 2]);
    expect([await queries(registry), await rows(registry)]).toEqual([{ 'insert <unnamed>': 1 }, { insert: 2, select: 2, delete: 2 }]);
  });
});

test('nothing shows on what a user passes', async () => {
  const { pool } = measured();
  const bare = barePool();
  const keysOf = async (owner: pg.Pool) => {
    const client = await owner.connect();
    const passed = [new pg.Query('SELECT 1'), new Cursor('SELECT 1'), new QueryStream('SELECT 1'), copyTo('COPY copied TO STDOUT')];
    const keys = [];
    for (const query of passed) {
      client.query(query as pg.Submittable);
      keys.push(Reflect.ownKeys(query).filter((key) => Object.getOwnPropertyDescriptor(query, key)?.enumerable));
      if (query instanceof Cursor) await query.close();
      else if (query instanceof pg.Query) await once(query, 'end');
      else for await (const _ of query as Readable);
    }
    client.release();
    return keys;
  };
  expect(await keysOf(pool)).toEqual(await keysOf(bare));
});

describe('failures', () => {
  test.each([
    ['SELECT * FROM nowhere', '42'],
    ['SELECT 1 / 0', '22'],
    ['DO $$ BEGIN RAISE EXCEPTION USING ERRCODE = $q$MOON1$q$; END $$', '__other__'],
  ])('%s', async (text, state) => {
    const { pool, registry } = measured();
    await expect(pool.query(text)).rejects.toMatchObject({ severity: 'ERROR' });
    expect(await failures(registry)).toEqual({ [state]: 1 });
    expect(Object.values(await queries(registry))).toEqual([1]);
  });

  test('values that pg refuses', async () => {
    const { pool, registry } = measured();
    const client = await pool.connect();
    const bad = {
      toPostgres: () => {
        throw new TypeError('no');
      },
    };
    await expect(client.query('SELECT $1', [bad])).rejects.toThrow(TypeError);
    await expect(client.query({ text: 'SELECT 1', values: 'none' as never })).rejects.toThrow();
    await expect(client.query({} as never)).rejects.toThrow();
    expect(() => client.query(null as never)).toThrow(TypeError);
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    client.release();
    expect([await failures(registry), await queries(registry)]).toEqual([{ none: 3 }, { 'select <unnamed>': 3, 'other <unnamed>': 1 }]);
  });

  test('a query that takes too long for the client', async () => {
    const { pool, registry } = measured({ config: { query_timeout: 20 } });
    const client = await pool.connect();
    await expect(client.query('SELECT pg_sleep(0.2)')).rejects.toThrow('Query read timeout');
    client.release(true);
    expect([await failures(registry), await queries(registry)]).toEqual([{ none: 1 }, { 'select <unnamed>': 1 }]);
  });
});

describe('cursors and streams', () => {
  test('a cursor counts the rows that were read, and is over when it is closed', async () => {
    const { pool, registry } = measured();
    const client = await pool.connect();
    const cursor = client.query(new Cursor('SELECT generate_series(1, 100) AS n'));
    expect(cursor).toBeInstanceOf(Cursor);
    expect(await cursor.read(10)).toHaveLength(10);
    expect([await queries(registry), await rows(registry)]).toEqual([{}, { select: 10 }]);
    await cursor.close();
    client.release();
    expect([await queries(registry), await rows(registry)]).toEqual([{ 'select <unnamed>': 1 }, { select: 10 }]);
  });

  test('a cursor that is read to its end', async () => {
    const { pool, registry } = measured();
    const client = await pool.connect();
    const cursor = client.query(new Cursor('SELECT generate_series(1, 25) AS n'));
    const lengths = [];
    for (let page = await cursor.read(10); page.length > 0; page = await cursor.read(10)) lengths.push(page.length);
    client.release();
    expect(lengths).toEqual([10, 10, 5]);
    expect([await queries(registry), await rows(registry)]).toEqual([{ 'select <unnamed>': 1 }, { select: 25 }]);
  });

  test('a stream of rows', async () => {
    const { pool, registry } = measured();
    const client = await pool.connect();
    const seen = [];
    for await (const row of client.query(new QueryStream('/* name: all */ SELECT generate_series(1, 250) AS n'))) seen.push(row);
    client.release();
    expect(seen).toHaveLength(250);
    expect([await queries(registry), await rows(registry)]).toEqual([{ 'select all': 1 }, { select: 250 }]);
  });

  test('COPY in both directions', async () => {
    const { pool, registry } = measured();
    const client = await pool.connect();
    const into = client.query(copyFrom('COPY copied FROM STDIN'));
    await pipeline(Readable.from(['1\tIo\n', '2\tEuropa\n', '3\tGanymede\n']), into);
    expect(into.rowCount).toBe(3);
    let text = '';
    for await (const chunk of client.query(copyTo('COPY copied TO STDOUT'))) text += chunk;
    client.release();
    expect(text).toBe('1\tIo\n2\tEuropa\n3\tGanymede\n');
    expect([await queries(registry), await rows(registry)]).toEqual([{ 'copy <unnamed>': 2 }, { copy: 6 }]);
  });

  test('a COPY that fails', async () => {
    const { pool, registry } = measured();
    const client = await pool.connect();
    await expect(pipeline(Readable.from(['one\tIo\n']), client.query(copyFrom('COPY copied FROM STDIN')))).rejects.toMatchObject({
      code: '22P02',
    });
    expect((await client.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
    client.release();
    expect(await failures(registry)).toEqual({ '22': 1 });
  });

  test('LISTEN', async () => {
    const { pool, registry } = measured();
    const client = await pool.connect();
    await client.query('LISTEN phases');
    const heard = once(client, 'notification');
    await pool.query("NOTIFY phases, 'full'");
    expect((await heard)[0]).toMatchObject({ channel: 'phases', payload: 'full' });
    client.release(true);
    expect(await queries(registry)).toEqual({ 'listen <unnamed>': 2 });
  });
});

test('pipeline mode: queries that are sent at once, one of which fails', async () => {
  const { pool, registry } = measured({ config: { pipeline: true } });
  const client = await pool.connect();
  const texts = ['BEGIN', 'SELECT generate_series(1, 3)', 'COMMIT', 'SELECT 1 / 0', 'SELECT 1'];
  const results = await Promise.allSettled(texts.map((text) => client.query(text)));
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
  const cursor = client.query(new Cursor('SELECT 1'));
  await expect(cursor.read(1)).rejects.toThrow('not supported in pipeline mode');
  client.release();
  expect(await queries(registry)).toEqual({ 'begin <unnamed>': 1, 'select <unnamed>': 4, 'commit <unnamed>': 1 });
  expect([await rows(registry), await transactions(registry), await failures(registry)]).toEqual([
    { select: 4 },
    { commit: 1 },
    { 22: 1, none: 1 },
  ]);
});

test('what a caller has in its async context is there after a query, and in callbacks as far as it is bare', async () => {
  const contexts = new AsyncLocalStorage<number>();
  const seen = (pool: pg.Pool) =>
    Promise.all(
      [1, 2, 3, 4].map((number) =>
        contexts.run(number, async () => {
          await pool.query('SELECT 1');
          (await pool.connect()).release();
          return contexts.getStore();
        }),
      ),
    );
  expect(await seen(measured({ config: { max: 2 } }).pool)).toEqual([1, 2, 3, 4]);
  const inCallbacks = async (pool: pg.Pool) => {
    await contexts.run(7, () => pool.query('SELECT 1'));
    const client = await pool.connect();
    const inCallback = await contexts.run(8, () => new Promise((resolve) => client.query('SELECT 1', () => resolve(contexts.getStore()))));
    client.release();
    return inCallback;
  };
  expect(await inCallbacks(measured({ config: { max: 1 } }).pool)).toBe(await inCallbacks(barePool({ max: 1 })));
});
