/** What `instrumentPool` accepts, and what it does with pools that it has seen before. */
import { MetricsRegistry } from '@tsukimi/metrics';
import { instrumentPool, PostgresError } from '@tsukimi/postgres';
import pg from 'pg';
import { describe, expect, test } from 'vitest';
import { queries } from './support/counts.js';
import { database } from './support/database.js';

const { measured, pool: barePool } = await database();

function thrownBy(run: () => unknown): PostgresError {
  try {
    run();
  } catch (error) {
    if (error instanceof PostgresError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('mistakes', () => {
  const registry = new MetricsRegistry();

  test.each<[string, () => unknown, string]>([
    ['no pool', () => instrumentPool(undefined as never, { name: 'main', registry }), 'TSK_ERR_POSTGRES_POOL'],
    [
      'the configuration of one',
      () => instrumentPool({ password: 'hunter2' } as never, { name: 'main', registry }),
      'TSK_ERR_POSTGRES_POOL',
    ],
    ['no name', () => instrumentPool(barePool(), { registry } as never), 'TSK_ERR_POSTGRES_NAME'],
    ['no options', () => instrumentPool(barePool(), undefined as never), 'TSK_ERR_POSTGRES_NAME'],
    [
      'a connection string',
      () => instrumentPool(barePool(), { name: 'postgres://ann:hunter2@db/moons', registry }),
      'TSK_ERR_POSTGRES_NAME',
    ],
    ['a long name', () => instrumentPool(barePool(), { name: 'a'.repeat(64), registry }), 'TSK_ERR_POSTGRES_NAME'],
    ['no registry', () => instrumentPool(barePool(), { name: 'main' } as never), 'TSK_ERR_POSTGRES_OPTION'],
    [
      'a statement that is no function',
      () => instrumentPool(barePool(), { name: 'main', registry, statement: 'hunter2' as never }),
      'TSK_ERR_POSTGRES_OPTION',
    ],
    ['no statements', () => instrumentPool(barePool(), { name: 'main', registry, maxStatements: 0 }), 'TSK_ERR_POSTGRES_OPTION'],
    ['too many', () => instrumentPool(barePool(), { name: 'main', registry, maxStatements: 1e9 }), 'TSK_ERR_POSTGRES_OPTION'],
  ])('%s', (_, make, code) => {
    const error = thrownBy(make);
    expect(error.code).toBe(code);
    expect(error.message).not.toContain('hunter2');
  });

  test('leave no trace: the name is free, the pool untouched', async () => {
    const pool = barePool();
    expect(() => instrumentPool(pool, { name: 'main', registry, maxStatements: 0 })).toThrow(PostgresError);
    expect(Object.getOwnPropertyNames(pool)).toEqual(Object.getOwnPropertyNames(barePool()));
    expect(await registry.expose()).not.toContain('db_pool');
  });
});

describe('a pool', () => {
  test('is returned, and counted once if it is instrumented twice', async () => {
    const { pool, registry } = measured();
    expect(instrumentPool(pool, { name: 'main', registry })).toBe(pool);
    await pool.query('SELECT 1');
    expect(await queries(registry)).toEqual({ 'select <unnamed>': 1 });
  });

  test('has one name and one registry', () => {
    const { pool, registry } = measured();
    expect(thrownBy(() => instrumentPool(pool, { name: 'other', registry })).code).toBe('TSK_ERR_POSTGRES_INSTRUMENTED');
    expect(thrownBy(() => instrumentPool(pool, { name: 'main', registry: new MetricsRegistry() })).code).toBe(
      'TSK_ERR_POSTGRES_INSTRUMENTED',
    );
  });

  test('shares its name with none, until it has ended', async () => {
    const { pool, registry } = measured();
    expect(thrownBy(() => instrumentPool(barePool(), { name: 'main', registry })).code).toBe('TSK_ERR_POSTGRES_NAME_TAKEN');
    await pool.end();
    const next = instrumentPool(barePool(), { name: 'main', registry });
    await next.query('SELECT 1');
    expect(await queries(registry)).toEqual({ 'select <unnamed>': 1 });
  });

  test('keeps another pool of the registry apart', async () => {
    const { pool, registry } = measured();
    const other = instrumentPool(barePool(), { name: 'other', registry });
    await Promise.all([pool.query('SELECT 1'), other.query('SELECT 1')]);
    const text = await registry.expose();
    expect(text).toContain('db_rows_total{pool="main",operation="select"} 1');
    expect(text).toContain('db_rows_total{pool="other",operation="select"} 1');
  });

  test('never shows its password', async () => {
    const { pool, registry } = measured();
    const { password } = new pg.Client(pool.options);
    expect(password).toBeTruthy();
    await pool.query('SELECT 1');
    expect(await registry.expose()).not.toContain(password);
  });
});
