/** A schema of its own in the shared PostgreSQL, with the pools of a test file, which end with the file. */
import { randomBytes } from 'node:crypto';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type InstrumentPoolOptions, instrumentPool } from '@tsukimi/postgres';
import pg from 'pg';
import { afterAll } from 'vitest';
import { sharedPostgres } from '../../../../test/support/postgres/shared.js';

/** What a test file uses of the database. */
export interface Database {
  /** The URL, with the schema as search path. */
  readonly url: string;
  /** A bare pool. */
  pool(config?: pg.PoolConfig): pg.Pool;
  /** An instrumented pool with a registry of its own. */
  measured(options?: Partial<InstrumentPoolOptions> & { readonly config?: pg.PoolConfig }): {
    readonly pool: pg.Pool;
    readonly registry: MetricsRegistry;
  };
}

/** Creates a schema, and runs SQL in it. Everything is removed after the tests of the file. */
export async function database(sql = ''): Promise<Database> {
  const shared = await sharedPostgres();
  const schema = `test_${randomBytes(6).toString('hex')}`;
  const url = `${shared}?options=-csearch_path%3D${schema}`;
  const pools = new Set<pg.Pool>();
  const admin = new pg.Client(shared);
  await admin.connect();
  await admin.query(`CREATE SCHEMA ${schema}; SET search_path = ${schema}; ${sql}`);
  afterAll(async () => {
    await Promise.all([...pools].filter(({ ending }) => !ending).map((pool) => pool.end()));
    await admin.query(`DROP SCHEMA ${schema} CASCADE`);
    await admin.end();
  });
  const pool = (config: pg.PoolConfig = {}) => {
    const created = new pg.Pool({ connectionString: url, ...config });
    pools.add(created);
    return created;
  };
  return {
    url,
    pool,
    measured: ({ config, ...options } = {}) => {
      const { registry = new MetricsRegistry(), name = 'main', ...rest } = options;
      return { pool: instrumentPool(pool(config), { name, registry, ...rest }), registry };
    },
  };
}
