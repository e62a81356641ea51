/** Lazy thenables by somebody else: Knex's query builders, against SQLite. A query runs when its caller wants it, and is timed from then. */
import { text } from 'node:stream/consumers';
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import type { Knex } from 'knex';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { callsIn } from './support/calls-in.js';
import { calls, playedAlike, type World } from './support/compare.js';
import { collectUntil } from './support/garbage.js';
import { openDatabase } from './support/sqlite.js';

interface Order {
  id: number;
  region: string;
  amount: number;
}

/** What a repository does with Knex: it returns builders, and lets its callers go on with them. */
class Orders {
  constructor(
    private readonly knex: Knex,
    private readonly world: World,
  ) {}
  all(): Knex.QueryBuilder {
    return this.knex<Order>('orders').select('id', 'region', 'amount').orderBy('id');
  }
  inRegion(region: string): Knex.QueryBuilder {
    return this.knex('orders').select('id').where({ region });
  }
  add(order: Omit<Order, 'id'>): Knex.QueryBuilder {
    return this.knex('orders').insert(order);
  }
  broken(): Knex.QueryBuilder {
    return this.knex('no_such_table').select();
  }
  raw(): Knex.Raw {
    return this.knex.raw('select 1 as one');
  }
  createTable(): Knex.SchemaBuilder {
    return this.knex.schema.dropTableIfExists('archive').createTable('archive', (table) => void table.increments());
  }
  move(from: string, to: string): Promise<unknown> {
    return this.knex.transaction(async (transaction) => await transaction('orders').where({ region: from }).update({ region: to }));
  }
  later(): void {
    this.world.advance(1);
  }
}

let knex: Knex;
let queries: string[] = [];
beforeAll(() => {
  knex = openDatabase();
  knex.on('query', ({ sql }: { sql: string }) => queries.push(sql));
});
beforeEach(async () => {
  await knex.schema.dropTableIfExists('orders');
  await knex.schema.createTable('orders', (table) => {
    table.increments();
    table.string('region');
    table.integer('amount');
  });
  await knex('orders').insert([
    { region: 'north', amount: 1 },
    { region: 'south', amount: 2 },
  ]);
  queries = [];
});
afterAll(() => knex.destroy());

/** Plays a script both ways, each on the same rows; the queries are effects like any other. */
async function played(script: (orders: Orders, world: World) => unknown) {
  return await playedAlike({
    make: (world) => new Orders(knex, world),
    script: async (orders, world) => {
      queries = [];
      try {
        return await script(orders, world);
      } finally {
        world.log(...queries);
        await knex('orders').where('id', '>', 2).delete();
        await knex('orders').where('id', 1).update({ region: 'north' });
      }
    },
  });
}

describe('A Knex query', () => {
  test('does not run because it is measured', async () => {
    const registry = new MetricsRegistry();
    const orders = instrument(new Orders(knex, { log: () => undefined, advance: () => undefined }), { registry });
    const builders = [
      orders.all(),
      orders.inRegion('north'),
      orders.add({ region: 'east', amount: 9 }),
      orders.raw(),
      orders.createTable(),
    ];
    await new Promise((resolve) => setImmediate(resolve));
    expect(queries).toEqual([]);
    expect(await callsIn(registry)).toEqual({});
    expect(builders[0]?.toString()).toBe('select `id`, `region`, `amount` from `orders` order by `id` asc');
    expect(queries).toEqual([]);
  });

  test('is timed from when its caller awaits it', async () => {
    const counted = await played(async (orders, { advance, log }) => {
      const query = orders.all();
      advance(1000);
      query.on('query', () => advance(7));
      log(await query);
    });
    expect(counted).toEqual({ all: calls(1, 0, 7) });
  });

  test('can be built further, used within another, and cloned', async () => {
    const counted = await played(async (orders, { log }) => {
      log(await orders.all().where('amount', '>', 1).first());
      log(await knex('orders').whereIn('id', orders.inRegion('south')).select('amount'));
      log(await orders.all().clone().limit(1));
      log(await orders.all().count().clearSelect().clearOrder());
      log(orders.inRegion('north').toSQL().sql, orders.inRegion('north').toQuery());
    });
    expect(counted).toMatchObject({ all: calls(2, 0) });
  });

  test('that fails is a failure', async () => {
    const counted = await played(async (orders) => await orders.broken());
    expect(counted).toEqual({ broken: calls(0, 1) });
  });

  test.each([
    [
      'then twice',
      async (orders: Orders) => {
        const query = orders.add({ region: 'west', amount: 3 });
        return [(await query).length, (await query).length, (await orders.all()).length];
      },
    ],
    ['catch first', (orders: Orders) => orders.broken().catch((error: Error) => error.message)],
    ['finally first', (orders: Orders, { log }: World) => orders.all().finally(() => log('finally'))],
    ['a stream', (orders: Orders) => orders.all().stream().toArray()],
    ['a stream of what fails', (orders: Orders) => text(orders.broken().stream())],
    [
      'pipe',
      async (orders: Orders) => {
        const seen: unknown[] = [];
        for await (const row of orders.inRegion('north').stream()) seen.push(row);
        return seen;
      },
    ],
    ['raw and schema', async (orders: Orders) => [await orders.raw(), await orders.createTable()].length],
    [
      'asCallback',
      (orders: Orders) => new Promise((resolve) => void orders.all().asCallback((_error: unknown, rows: unknown) => resolve(rows))),
    ],
    ['all at once', (orders: Orders) => Promise.all([orders.all(), orders.inRegion('south'), orders.raw()])],
    ['in a transaction', async (orders: Orders) => [await orders.move('north', 'east'), await orders.all()]],
    ['bound to a transaction', (orders: Orders) => knex.transaction(async (transaction) => await orders.all().transacting(transaction))],
  ])('used in every way gives what it gave: %s', async (_how, script) => {
    await played(script);
  });

  test('whose caller only streams it, or drops it, is counted when it is let go of', async () => {
    const registry = new MetricsRegistry();
    const orders = instrument(new Orders(knex, { log: () => undefined, advance: () => undefined }), { registry });
    const use = async (): Promise<void> => {
      await orders.all().stream().toArray();
      orders.inRegion('north');
    };
    await use();
    expect(await collectUntil(async () => Object.keys(await callsIn(registry)).length === 2)).toBe(true);
    expect(await callsIn(registry)).toMatchObject({ all: { success: 1, failure: 0 }, inRegion: { success: 1, failure: 0 } });
  });
});
