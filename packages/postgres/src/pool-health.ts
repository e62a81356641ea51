/** The health check of a pool's database. It has a connection of its own, so that a busy pool is not a database that is down, and nothing of it is measured. */
import pg from 'pg';

const IDLE_MS = 60_000;

/** Asks one database whether it answers. */
export class DatabaseCheck {
  readonly #config: pg.PoolConfig;
  #pool: pg.Pool | undefined;

  constructor(config: pg.PoolConfig) {
    this.#config = config;
  }

  /** Resolves if the database answers a query. Rejects at the latest after twice `connection_timeout_ms`. */
  async run(): Promise<void> {
    const { connectionTimeoutMillis: query_timeout } = this.#config;
    this.#pool ??= this.#open();
    await this.#pool.query({ text: 'SELECT 1', ...(query_timeout !== undefined && { query_timeout }) } as pg.QueryConfig);
  }

  async end(): Promise<void> {
    await this.#pool?.end();
  }

  #open(): pg.Pool {
    const pool = new pg.Pool({ ...this.#config, max: 1, idleTimeoutMillis: IDLE_MS, allowExitOnIdle: true });
    // The next run says what is wrong; without a listener, the loss of an idle connection would end the process.
    pool.on('error', () => undefined);
    return pool;
  }
}
