/** Knex and Drizzle on top of an instrumented pool do what they do on a bare one. */
import knex from 'knex';
import type pg from 'pg';
import { afterAll, expect, test } from 'vitest';
import { failures, queries, rows, transactions } from './support/counts.js';
import { database } from './support/database.js';
import { outcomes } from './support/outcomes.js';
import { useDrizzle } from './support/use-drizzle.mjs';

const SCHEMA = `CREATE TABLE planets (id serial PRIMARY KEY, name text UNIQUE NOT NULL);
  CREATE TABLE moons (id serial PRIMARY KEY, name text NOT NULL, planet_id int REFERENCES planets, radius int)`;

const bare = await database(SCHEMA);
const observed = await database(SCHEMA);

async function useKnex(pool: pg.Pool): Promise<Record<string, unknown>> {
  const db = knex({ client: 'pg', connectionPool: pool } as knex.Knex.Config);
  afterAll(() => db.destroy());
  const lazy = db('planets').insert({ name: 'never' });
  const seen = await outcomes({
    insert: () =>
      db('planets')
        .insert([{ name: 'Jupiter' }, { name: 'Saturn' }])
        .returning('*'),
    'insert more': () =>
      db('moons').insert([
        { name: 'Io', planet_id: 1, radius: 1822 },
        { name: 'Titan', planet_id: 2, radius: 2575 },
      ]),
    join: () =>
      db('moons').join('planets', 'planets.id', 'moons.planet_id').select('moons.name as moon', 'planets.name as planet').orderBy('moon'),
    first: () => db('moons').where({ name: 'Io' }).first(),
    pluck: () => db('moons').orderBy('id').pluck('name'),
    update: () => db('moons').where('radius', '>', 2000).increment('radius', 1),
    raw: () => db.raw('/* name: raw */ SELECT ?::int + 1 AS n', [1]).then(({ rows }) => rows),
    duplicate: () => db('planets').insert({ name: 'Jupiter' }),
    commit: () =>
      db.transaction(async (trx) => {
        await trx('moons').insert({ name: 'Europa', planet_id: 1, radius: 1561 });
        return trx('moons').count('*').first();
      }),
    rollback: () =>
      db.transaction(async (trx) => {
        await trx('moons').del();
        throw new RangeError('kept');
      }),
    nested: () =>
      db.transaction(async (trx) => {
        await trx('moons').insert({ name: 'Rhea', planet_id: 2 });
        await trx
          .transaction(async (inner) => {
            await inner('moons').del();
            throw new RangeError('inner');
          })
          .catch(() => {});
        return trx('moons').orderBy('id').select('name');
      }),
    callback: () =>
      new Promise((resolve) =>
        db('moons')
          .where({ name: 'Io' })
          .select('name')
          .asCallback((...args: unknown[]) => resolve(args)),
      ),
    delete: () => db('moons').where({ name: 'Rhea' }).del(),
  });
  void lazy;
  return seen;
}

test.each([
  [
    'Knex',
    useKnex,
    {
      queries: {
        'begin <unnamed>': 3,
        'commit <unnamed>': 2,
        'delete <unnamed>': 3,
        'insert <unnamed>': 5,
        'rollback <unnamed>': 1,
        'savepoint <unnamed>': 2,
        'select <unnamed>': 7,
        'select raw': 1,
        'update <unnamed>': 1,
      },
      rows: { delete: 8, insert: 6, select: 13, update: 1 },
      transactions: { commit: 2, rollback: 1 },
      failures: { 23: 1 },
    },
  ],
  [
    'Drizzle',
    (pool: pg.Pool) => useDrizzle(pool, outcomes),
    {
      queries: {
        'begin <unnamed>': 3,
        'commit <unnamed>': 2,
        'delete <unnamed>': 1,
        'insert <unnamed>': 4,
        'rollback <unnamed>': 1,
        'savepoint <unnamed>': 2,
        'select <unnamed>': 4,
        'select moonById': 1,
        'select raw': 1,
        'update <unnamed>': 1,
      },
      rows: { delete: 1, insert: 4, select: 13, update: 1 },
      transactions: { commit: 2, rollback: 1 },
      failures: { 23: 1 },
    },
  ],
])('%s has the same results and errors, and each of its queries is counted once', async (_, use, counted) => {
  const expected = await use(bare.pool({ max: 2 }));
  const { pool, registry } = observed.measured({ config: { max: 2 } });
  expect(await use(pool)).toEqual(expected);
  expect({
    queries: await queries(registry),
    rows: await rows(registry),
    transactions: await transactions(registry),
    failures: await failures(registry),
  }).toEqual(counted);
});
