/** knex: its handle, its client and its query builders, on a real database. */
import type { Knex } from 'knex';
import { expect, test } from 'vitest';
import { openDatabase } from '../calls/support/sqlite.js';
import { bothWays } from './support/both-ways.js';

interface User {
  id: number;
  name: string;
  points: number;
}

test('builders and schema, with the client and every builder instrumented', async () => {
  const counted = await bothWays(async (wire, tell) => {
    const knex = openDatabase();
    const client = wire(knex.client as object as { query: unknown });
    tell(client === knex.client);
    knex.on('query', ({ sql }: { sql: string }) => tell(sql));
    const users = (): Knex.QueryBuilder<User> => wire(knex<User>('users') as object) as Knex.QueryBuilder<User>;
    await knex.schema.createTable('users', (table) => {
      table.increments();
      table.string('name').notNullable().unique();
      table.integer('points').defaultTo(0);
    });
    tell(await users().insert([{ name: 'ann', points: 3 }, { name: 'bob' }] as User[]));
    tell(
      await users()
        .select('name')
        .where('points', '>', 1)
        .orWhereIn('name', users().select('name').where({ name: 'bob' }))
        .orderBy('name'),
    );
    tell(await users().where({ name: 'ann' }).increment('points', 2), await users().sum('points as total').first());
    tell(await users().clone().count('* as n'), users().where({ id: 1 }).toString());
    await users()
      .insert({ name: 'ann' } as User)
      .catch((error: { code: string }) => tell(error.code));
    await knex
      .transaction(async (transaction) => {
        await users().transacting(transaction).delete();
        throw new Error('rolled back');
      })
      .catch((error: unknown) => tell(error));
    for await (const row of users().select().stream()) tell(row);
    tell(await users().pluck('name'));
    await knex.destroy();
  });
  // `andWhere` is `where`.
  expect(counted['where']).toMatchObject({ success: 7, failure: 0 });
  expect(counted['then']).toMatchObject({ success: 6, failure: 1 });
});
