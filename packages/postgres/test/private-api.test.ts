/** Says what broke where a new pg changes what it does not document. */
import { MetricsRegistry } from '@tsukimi/metrics';
import { instrumentPool } from '@tsukimi/postgres';
import pg from 'pg';
import Cursor from 'pg-cursor';
import { afterAll, expect, test } from 'vitest';
import { isObservable, type QueuedQuery } from '../src/private-api.js';
import { failures, queries, rows, transactions, waits } from './support/counts.js';
import { database } from './support/database.js';

const { url } = await database();
const client = new pg.Client(url) as pg.Client & { _queryQueue: QueuedQuery[] };
await client.connect();
afterAll(() => client.end());

test('a client has a connection that emits, and keeps queries that were not sent yet in an array that it never replaces', async () => {
  expect(isObservable(client)).toBe(true);
  const queue = client._queryQueue;
  const pushed: QueuedQuery[] = [];
  queue.push = (...queries: QueuedQuery[]) => {
    pushed.push(...queries);
    return Array.prototype.push.apply(queue, queries);
  };
  const cursor = new Cursor('SELECT 1');
  const results = [client.query('SELECT 1'), client.query({ name: 'moon', text: 'SELECT 2', values: [] })];
  client.query(cursor);
  await Promise.all(results);
  await cursor.close();
  expect(client._queryQueue).toBe(queue);
  expect(pushed).toMatchObject([{ text: 'SELECT 1' }, { text: 'SELECT 2', name: 'moon', values: [] }, { text: 'SELECT 1' }]);
  expect(pushed[2]).toBe(cursor);
});

test('the answers of the server reach a query', () => {
  const methods = ['handleCommandComplete', 'handleReadyForQuery', 'handleError', 'handleDataRow'];
  for (const type of [pg.Query, Cursor]) expect(methods.filter((method) => !(method in type.prototype))).toEqual([]);
  expect('requiresPreparation' in pg.Query.prototype).toBe(true);
  expect('requiresPreparation' in Cursor.prototype).toBe(false);
});

test('the connection says in which state the transaction is, before the query that is over', async () => {
  const said: string[] = [];
  client.connection.prependListener('readyForQuery', ({ status }) => said.push(status));
  await client.query('BEGIN').then(() => said.push('begun'));
  await client.query('SELECT 1 / 0').catch(() => {});
  await client.query('ROLLBACK').then(() => said.push('over'));
  expect(said).toEqual(['T', 'begun', 'E', 'I', 'over']);
});

test('a row that can not be parsed is told to the query when the server is ready', async () => {
  const types = {
    getTypeParser: () => () => {
      throw new RangeError('no moon');
    },
  };
  const query = new pg.Query({ text: 'SELECT 1', types } as never) as pg.Query & QueuedQuery;
  const failed = new Promise((resolve) => query.on('error', resolve));
  client.query(query);
  expect(await failed).toEqual(new RangeError('no moon'));
  expect(query).toHaveProperty('_canceledDueToError');
});

test('the oldest pg that is supported is measured alike', async () => {
  const { default: old } = (await import('pg-old' as string)) as { readonly default: typeof pg };
  const registry = new MetricsRegistry();
  const pool = instrumentPool(new old.Pool({ connectionString: url, max: 1 }), { name: 'old', registry });
  const client = await pool.connect();
  expect('_queryQueue' in client).toBe(false);
  for (const text of ['BEGIN', 'SAVEPOINT a; ROLLBACK TO a', '/* name: moons */ SELECT generate_series(1, 5)', 'COMMIT'])
    await client.query(text);
  await expect(client.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
  const cursor = client.query(new Cursor('SELECT generate_series(1, 10)'));
  expect(await cursor.read(4)).toHaveLength(4);
  await cursor.close();
  client.release();
  await pool.end();
  expect([
    await queries(registry),
    await rows(registry),
    await failures(registry),
    await transactions(registry),
    await waits(registry),
  ]).toEqual([
    { 'begin <unnamed>': 1, 'savepoint <unnamed>': 1, 'select moons': 1, 'commit <unnamed>': 1, 'select <unnamed>': 2 },
    { select: 9 },
    { 22: 1 },
    { commit: 1 },
    1,
  ]);
});
