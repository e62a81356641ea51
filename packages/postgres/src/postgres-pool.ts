/** A pool that is a component of an application: configured, measured, checked at start and ended at stop. */
import { type Extension, type HealthHost, OnStart, OnStop, registerExtension, withoutCredentials } from '@tsukimi/core';
import type { MetricsRegistry } from '@tsukimi/metrics';
import pg from 'pg';
import { type NamespaceReader, type PoolHealth, readPoolConfiguration } from './configuration.js';
import { unreachable } from './errors.js';
import { type InstrumentPoolOptions, instrumentPool } from './instrument-pool.js';
import { DatabaseCheck } from './pool-health.js';

/** Where a pool writes what an operator has to know; the application's logger fits. */
export interface PoolLogger {
  warn(fields: object, message: string): void;
}

/** Options of `postgresPool`. */
export interface PostgresPoolOptions extends Pick<InstrumentPoolOptions, 'statement'> {
  /** The application's configuration: inject it with `@Inject(CurrentConfiguration)`. */
  readonly configuration: NamespaceReader;
  /** The application's logger: inject it with `@Inject(CurrentLogger)`. */
  readonly logger: PoolLogger;
  /** The application's registry: inject it by its type. */
  readonly registry: MetricsRegistry;
  /**
   * The namespace of the configuration. Each pool of an application has its own.
   * @default 'postgres'
   */
  readonly namespace?: string | undefined;
}

interface PostgresPoolParts {
  readonly config: pg.PoolConfig;
  readonly name: string;
  readonly required: boolean;
  readonly health: PoolHealth;
  readonly logger: PoolLogger;
}

/** A `pg.Pool` that an application starts and stops. Create it with `postgresPool()`, in a method with `@Provider()`. */
export class PostgresPool extends pg.Pool {
  readonly #parts: PostgresPoolParts;
  readonly #check: DatabaseCheck;

  /** @internal */
  constructor(parts: PostgresPoolParts) {
    super(parts.config);
    this.#parts = parts;
    this.#check = new DatabaseCheck(parts.config);
    const { name, logger } = parts;
    // Without a listener, the loss of an idle connection would end the process.
    this.on('error', (error) =>
      logger.warn(
        { pool: name },
        `The database closed an idle connection of the pool ${name}: ${reasonOf(error)}. The pool opens another one.`,
      ),
    );
  }

  /**
   * Opens a connection, so that a wrong address or password is known at start.
   * @throws TSK_ERR_POSTGRES_UNREACHABLE if that fails and the pool is required; otherwise it is logged as a warning
   */
  @OnStart()
  async checkReachable(): Promise<void> {
    const { name, required, logger } = this.#parts;
    try {
      const client = await this.connect();
      client.release();
    } catch (error) {
      const problem = unreachable(name, reasonOf(error));
      if (required) throw problem;
      logger.warn({ pool: name, code: problem.code }, problem.message);
    }
  }

  /** @internal */
  addHealthCheck(health: HealthHost): void {
    const { name, health: kind } = this.#parts;
    if (kind !== 'off') health.add({ name: `postgres-${name}`, kind, check: () => this.#check.run() });
  }

  /** Ends the pool, after the components that use it have stopped. */
  @OnStop()
  async endPool(): Promise<void> {
    await this.#check.end();
    if (!this.ending) await this.end();
  }
}

/** Adds the health check of each pool of an application. */
class PoolHealthExtension implements Extension {
  readonly name = 'postgres';
  #health: HealthHost | undefined;

  configure({ health }: { readonly health: HealthHost }): void {
    this.#health = health;
  }

  instance(instance: object): void {
    if (instance instanceof PostgresPool && this.#health !== undefined) instance.addHealthCheck(this.#health);
  }
}

registerExtension(PostgresPool, () => new PoolHealthExtension());

/**
 * Creates an instrumented pool from a namespace of the configuration.
 * @throws TSK_ERR_CONFIGURATION_VALUE, and the errors of `instrumentPool`
 */
export function postgresPool({ configuration, logger, registry, namespace = 'postgres', statement }: PostgresPoolOptions): PostgresPool {
  const { name, maxStatements, required, health, pool: config } = readPoolConfiguration(configuration, namespace);
  const pool = new PostgresPool({ config, name, required, health, logger });
  return instrumentPool(pool, { name, registry, maxStatements, statement });
}

/** Errors of a connection that was refused on several addresses have no message of their own. */
function reasonOf(error: unknown): string {
  const { message, code } = (error ?? {}) as { readonly message?: unknown; readonly code?: unknown };
  const text = typeof message === 'string' && message !== '' ? message : String(code ?? 'an unknown error');
  return withoutCredentials(text);
}
