/** The request context behind pools, whose connections are shared by requests: pg and Knex, bare and measured. */
import { currentRequestContext } from '@tsukimi/core';
import { httpInstrumentation, instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { fastify } from 'fastify';
import knex, { type Knex } from 'knex';
import type pg from 'pg';
import { afterAll, expect, onTestFinished, test } from 'vitest';
import { database } from './support/database.js';

const { url, pool, measured } = await database('CREATE TABLE moons (name text); INSERT INTO moons VALUES ($$Io$$), ($$Europa$$)');

const idNow = () => currentRequestContext()?.requestId;

/** Fewer connections than requests, so that requests wait for those of others. */
const config = { max: 2 };

/** What a request sees after each way to ask the database. */
function ways(clients: pg.Pool, db: Knex): Readonly<Record<string, () => Promise<string | undefined>>> {
  return {
    'pool.query': async () => {
      await clients.query('SELECT 1');
      return idNow();
    },
    'client.query': async () => {
      const client = await clients.connect();
      const seen = idNow();
      await client.query('SELECT 1');
      client.release();
      return seen === idNow() ? seen : `${seen} and ${idNow()}`;
    },
    'query then': () => clients.query('SELECT 1').then(idNow),
    error: () => clients.query('SELECT nothing').catch(idNow) as Promise<string | undefined>,
    knex: async () => {
      await db('moons').select();
      return idNow();
    },
    'knex then': () => db('moons').select().then(idNow) as Promise<string | undefined>,
    'knex transaction': () =>
      db.transaction(async (trx) => {
        const before = idNow();
        await trx('moons').select();
        return before === idNow() ? before : `${before} and ${idNow()}`;
      }),
    'knex stream': async () => {
      const seen = new Set<string | undefined>();
      for await (const _ of db('moons').select().stream()) seen.add(idNow());
      return [...seen].join();
    },
  };
}

test.each([
  ['bare', () => pool(config)],
  ['measured', () => measured({ config }).pool],
])('of concurrent requests that share a %s pool, each stays in its context', async (_, make) => {
  const clients = make();
  const db = knex({ client: 'pg', connection: url, pool: { min: 0, max: 2 } });
  afterAll(() => db.destroy());
  const registry = new MetricsRegistry();
  const server = fastify();
  onTestFinished(() => server.close());
  await server.register(httpInstrumentation, { registry, requestContext: true, processMetrics: false });
  const all = instrument(ways(clients, db), { registry, component: 'Ways' });
  server.get<{ Params: { way: string } }>('/:way', async ({ params }) => ({ id: await all[params.way]?.() }));
  const requests = Object.keys(all).flatMap((way) =>
    Array.from({ length: 5 }, (_, number) => ({ way, id: `${way.replace(' ', '-')}-${number}` })),
  );
  const answers = await Promise.all(
    requests.map(({ way, id }) => server.inject({ url: `/${encodeURIComponent(way)}`, headers: { 'x-request-id': id } })),
  );
  expect(answers.map((answer) => answer.json())).toEqual(requests.map(({ id }) => ({ id })));
});
