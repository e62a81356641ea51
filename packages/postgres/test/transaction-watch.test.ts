/** Transactions are counted by what the server says of them. */
import type { MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import type pg from 'pg';
import { expect, test } from 'vitest';
import { waitUntil } from '../../../test/support/wait-until.js';
import { counts, transactions } from './support/counts.js';
import { database } from './support/database.js';

const { measured } = await database(
  'CREATE TABLE moons (id int PRIMARY KEY); CREATE TABLE orbits (id int REFERENCES moons DEFERRABLE INITIALLY DEFERRED)',
);

async function afterwards(run: (client: pg.PoolClient, registry: MetricsRegistry) => Promise<unknown>): Promise<Record<string, number>> {
  const { pool, registry } = measured();
  const client = await pool.connect();
  await run(client, registry);
  client.release();
  await pool.end();
  const ended = await transactions(registry);
  const durations = Object.values(await counts(registry, 'db_transaction_duration_seconds_count'));
  expect(durations.reduce((sum, each) => sum + each, 0)).toBe(Object.values(ended).reduce((sum, each) => sum + each, 0));
  return ended;
}

test.each<[string, readonly string[], Record<string, number>]>([
  ['none', ['SELECT 1', 'INSERT INTO moons VALUES (1)', 'DELETE FROM moons'], {}],
  ['one that is committed', ['BEGIN', 'SELECT 1', 'COMMIT'], { commit: 1 }],
  ['one with other words', ['start transaction isolation level serializable', 'SELECT 1', 'end'], { commit: 1 }],
  ['one that is rolled back', ['BEGIN', 'SELECT 1', 'ROLLBACK'], { rollback: 1 }],
  ['one that is aborted', ['BEGIN', 'SELECT 1', 'ABORT'], { rollback: 1 }],
  ['BEGIN within one', ['BEGIN', 'BEGIN', 'COMMIT'], { commit: 1 }],
  ['COMMIT and ROLLBACK outside of one', ['COMMIT', 'ROLLBACK'], {}],
  ['savepoints', ['BEGIN', 'SAVEPOINT a', 'ROLLBACK TO a', 'SAVEPOINT b', 'RELEASE b', 'COMMIT'], { commit: 1 }],
  ['a savepoint, then a rollback', ['BEGIN', 'SAVEPOINT a', 'ROLLBACK TO SAVEPOINT a', 'ROLLBACK'], { rollback: 1 }],
  ['two in one text', ['BEGIN; SELECT 1; COMMIT; BEGIN; SELECT 1; ROLLBACK'], { commit: 1, rollback: 1 }],
  ['ROLLBACK, then another, in one text', ['BEGIN; SELECT 1; ROLLBACK; BEGIN; SELECT 1; COMMIT'], { commit: 1, rollback: 1 }],
  ['a savepoint in one text', ['BEGIN; SAVEPOINT a; ROLLBACK TO a; COMMIT'], { commit: 1 }],
  ['what begins in one text and ends in another', ['BEGIN; SELECT 1', 'SELECT 2; COMMIT'], { commit: 1 }],
  ['a chain of commits', ['BEGIN', 'COMMIT AND CHAIN', 'SELECT 1', 'COMMIT'], { commit: 2 }],
  ['a chain of rollbacks', ['BEGIN', 'ROLLBACK AND CHAIN', 'SELECT 1', 'COMMIT'], { commit: 1, rollback: 1 }],
  ['no chain', ['BEGIN', 'ROLLBACK AND NO CHAIN'], { rollback: 1 }],
  ['one in comments', ['/* a */ BEGIN -- b', '/* c */ COMMIT'], { commit: 1 }],
  ['one that is prepared', ['BEGIN', "PREPARE TRANSACTION 'luna'", "ROLLBACK PREPARED 'luna'"], { prepared: 1 }],
])('%s', async (_, texts, expected) => {
  const ended = await afterwards(async (client) => {
    for (const text of texts) await client.query(text);
  });
  expect(ended).toEqual(expected);
});

test('prepared statements that are only named', async () => {
  const ended = await afterwards(async (client) => {
    await client.query({ name: 'back', text: 'ROLLBACK' });
    await client.query({ name: 'to', text: 'BEGIN' });
    await client.query('SAVEPOINT a');
    await client.query({ name: 'toA', text: 'ROLLBACK TO a' });
    await client.query({ name: 'toA' } as never);
    await client.query({ name: 'back' } as never);
  });
  expect(ended).toEqual({ rollback: 1 });
});

test('COMMIT of one that failed is a rollback', async () => {
  const ended = await afterwards(async (client) => {
    await client.query('BEGIN');
    await expect(client.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    expect((await client.query('COMMIT')).command).toBe('ROLLBACK');
  });
  expect(ended).toEqual({ rollback: 1 });
});

test('COMMIT that fails itself is an error', async () => {
  const ended = await afterwards(async (client) => {
    await client.query('BEGIN');
    await client.query('INSERT INTO orbits VALUES (404)');
    await expect(client.query('COMMIT')).rejects.toMatchObject({ code: '23503' });
    // The server says that it is ready in a message of its own.
    await client.query('SELECT 1');
  });
  expect(ended).toEqual({ error: 1 });
});

test('a text that fails halfway leaves the transaction open', async () => {
  const ended = await afterwards(async (client, registry) => {
    await expect(client.query('BEGIN; SELECT 1 / 0; COMMIT')).rejects.toMatchObject({ code: '22012' });
    expect(await transactions(registry)).toEqual({});
    await client.query('ROLLBACK');
  });
  expect(ended).toEqual({ rollback: 1 });
});

test('one that goes on after its client was released is counted when it ends', async () => {
  const { pool, registry } = measured({ config: { max: 1 } });
  const first = await pool.connect();
  await first.query('BEGIN');
  first.release();
  expect(await transactions(registry)).toEqual({});
  await pool.query('COMMIT');
  expect(await transactions(registry)).toEqual({ commit: 1 });
});

test('one whose client is closed is an error', async () => {
  const { pool, registry } = measured();
  const client = await pool.connect();
  await client.query('BEGIN');
  client.release(true);
  await waitUntil('the end', async () => (await transactions(registry))['error'] === 1);
  expect(await transactions(registry)).toEqual({ error: 1 });
});

test('lasts from BEGIN to its end', async () => {
  const { pool, registry } = measured();
  const client = await pool.connect();
  await client.query('BEGIN');
  await client.query('SELECT pg_sleep(0.05)');
  await client.query('COMMIT');
  client.release();
  const sum = /^db_transaction_duration_seconds_sum\{.*?\} (.*)$/m.exec(await registry.expose())?.[1];
  expect(Number(sum)).toBeGreaterThan(0.05);
  expect(Number(sum)).toBeLessThan(5);
});

/** What PostgreSQL does with texts of statements: which transactions end, and how. */
class Model {
  readonly ended: Record<string, number> = {};
  #state: 'none' | 'open' | 'failed' = 'none';
  #hasSavepoint = false;

  run(statements: readonly string[]): void {
    for (const statement of statements) if (!this.#runs(statement)) return;
  }

  get isOpen(): boolean {
    return this.#state !== 'none';
  }

  /** Returns false for an error, which ends the text. */
  #runs(statement: string): boolean {
    if (statement === 'ROLLBACK' || statement === 'COMMIT') return this.#end(statement);
    if (statement === 'ROLLBACK TO a') {
      if (this.#state === 'none' || !this.#hasSavepoint) return this.#fail();
      this.#state = 'open';
      return true;
    }
    if (this.#state === 'failed' || statement === 'SELECT 1 / 0') return this.#fail();
    if (statement === 'BEGIN') this.#state = 'open';
    if (statement === 'SAVEPOINT a') {
      if (this.#state === 'none') return false;
      this.#hasSavepoint = true;
    }
    return true;
  }

  #end(statement: 'ROLLBACK' | 'COMMIT'): true {
    if (this.#state !== 'none') {
      const outcome = statement === 'COMMIT' && this.#state === 'open' ? 'commit' : 'rollback';
      this.ended[outcome] = (this.ended[outcome] ?? 0) + 1;
    }
    this.#state = 'none';
    this.#hasSavepoint = false;
    return true;
  }

  #fail(): false {
    if (this.#state === 'open') this.#state = 'failed';
    return false;
  }
}

test('any texts: the same transactions end as in a model of PostgreSQL', async () => {
  const { pool, registry } = measured({ config: { max: 1 } });
  const statement = fc.constantFrom('BEGIN', 'COMMIT', 'ROLLBACK', 'SAVEPOINT a', 'ROLLBACK TO a', 'SELECT 1', 'SELECT 1 / 0');
  const texts = fc.array(fc.array(statement, { minLength: 1, maxLength: 4 }), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(texts, async (sequence) => {
      registry.resetMetrics();
      const model = new Model();
      const client = await pool.connect();
      for (const statements of [...sequence, ['ROLLBACK']]) {
        await client.query(statements.join('; ')).catch(() => {});
        model.run(statements);
      }
      // The state after the last of them is known when the next is answered.
      await client.query('SELECT 1');
      client.release();
      expect(await transactions(registry)).toEqual(model.ended);
      expect(model.isOpen).toBe(false);
    }),
    { numRuns: 60 },
  );
});
