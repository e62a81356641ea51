/** Keeps the leases of tasks that run once in a fleet in PostgreSQL. */
import type { ApplicationContext, Extension, ExtensionFactory, LeaseStore, Token } from '@tsukimi/core';
import { untilAborted } from '@tsukimi/metrics';
import { invalidTable } from '../errors.js';
import { PostgresPool } from '../postgres-pool.js';

/** What leases need of a pool, or of a client in a transaction. */
export interface QueryRunner {
  query(query: { readonly text: string; readonly values: unknown[] }): Promise<{ readonly rows: readonly unknown[] }>;
}

export interface PostgresLeasesOptions {
  /**
   * The pool, or the token by which it is injected.
   * @default PostgresPool
   */
  readonly pool?: QueryRunner | Token<QueryRunner> | undefined;
  /**
   * The table of the leases, which is created if it is not there: a name, or a schema and a name.
   * @default 'tsukimi_leases'
   */
  readonly table?: string | undefined;
}

export const DEFAULT_TABLE = 'tsukimi_leases';

const TABLE = /^[a-z_][a-z0-9_]{0,62}(\.[a-z_][a-z0-9_]{0,62})?$/;

/** @throws TSK_ERR_POSTGRES_TABLE */
export function checkTable(table: string): void {
  if (typeof table !== 'string' || !TABLE.test(table)) throw invalidTable(table);
}

/**
 * Returns an extension that keeps the leases of `@Scheduled({ once: 'fleet' })` in PostgreSQL, through a pool of the application.
 * @throws TSK_ERR_POSTGRES_TABLE
 *
 * @example
 * // @Application({ extensions: [postgresLeases()] })
 */
export function postgresLeases(options: PostgresLeasesOptions = {}): ExtensionFactory {
  checkTable(options.table ?? DEFAULT_TABLE);
  return () => new PostgresLeases(options);
}

class PostgresLeases implements Extension {
  readonly name = 'postgres-leases';
  readonly #options: PostgresLeasesOptions;
  #context: ApplicationContext | undefined;

  constructor(options: PostgresLeasesOptions) {
    this.#options = options;
  }

  configure(context: ApplicationContext): void {
    this.#context = context;
    context.useLeaseStore(leaseStore(() => this.#pool(), this.#options.table ?? DEFAULT_TABLE));
  }

  started(): void {
    // A token that nobody provides is a mistake, which is to be known at start.
    this.#pool();
  }

  #pool(): QueryRunner {
    const { pool = PostgresPool } = this.#options;
    if (typeof pool === 'object') return pool;
    return (this.#context as ApplicationContext).resolve(pool as Token<QueryRunner>);
  }
}

/** The database's own clock counts, so those of the instances do not matter. */
function leaseStore(pool: () => QueryRunner, table: string): LeaseStore {
  let created: Promise<unknown> | undefined;
  const create = async (): Promise<void> => {
    created ??= createTable(pool(), table).catch((error: unknown) => {
      created = undefined;
      throw error;
    });
    await created;
  };
  const run = async (signal: AbortSignal, text: string, values: unknown[]): Promise<readonly unknown[]> => {
    const { rows } = await untilAborted(pool().query({ text, values }), signal);
    return rows;
  };
  return {
    name: 'PostgreSQL',
    async acquire({ name, holder, leaseMs, signal }) {
      await untilAborted(create(), signal);
      const [taken] = await run(
        signal,
        `/* name: acquireLease */ INSERT INTO ${table} AS lease (name, holder, token, ends) VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 ms')
         ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, token = lease.token + 1, ends = excluded.ends
         WHERE lease.holder = excluded.holder OR lease.ends <= clock_timestamp() RETURNING token`,
        [name, holder, leaseMs],
      );
      if (taken !== undefined) return { token: Number((taken as { readonly token: unknown }).token) };
      const [other] = await run(
        signal,
        `/* name: readLease */ SELECT extract(epoch FROM ends - clock_timestamp()) * 1000 AS ms FROM ${table} WHERE name = $1`,
        [name],
      );
      return { heldForMs: Math.max(1, Number((other as { readonly ms?: unknown } | undefined)?.ms ?? 1)) };
    },
    async renew({ name, holder, leaseMs, token, signal }) {
      const rows = await run(
        signal,
        `/* name: renewLease */ UPDATE ${table} SET ends = clock_timestamp() + $4 * interval '1 ms'
         WHERE name = $1 AND holder = $2 AND token = $3 AND ends > clock_timestamp() RETURNING token`,
        [name, holder, token, leaseMs],
      );
      return rows.length === 1;
    },
    async release({ name, holder, token, signal }) {
      const text = `/* name: releaseLease */ UPDATE ${table} SET ends = '-infinity' WHERE name = $1 AND holder = $2 AND token = $3`;
      await run(signal, text, [name, holder, token]);
    },
  };
}

async function createTable(pool: QueryRunner, table: string): Promise<void> {
  const text = `/* name: createLeases */ CREATE TABLE IF NOT EXISTS ${table} (name text PRIMARY KEY, holder text NOT NULL, token bigint NOT NULL, ends timestamptz NOT NULL)`;
  try {
    await pool.query({ text, values: [] });
  } catch (error) {
    // Two instances that create it at the same moment: one of them fails, and the table is there. A user who may not create tables can have one, too.
    await pool.query({ text: `/* name: findLeases */ SELECT 1 FROM ${table} LIMIT 1`, values: [] }).catch(() => Promise.reject(error));
  }
}
