/** Measures a pool of pg. */
import { MetricsRegistry } from '@tsukimi/metrics';
import {
  foreignClients,
  instrumentedOtherwise,
  invalidName,
  invalidOption,
  notAPool,
  type PostgresError,
  statementFailed,
} from './errors.js';
import { type CountedPool, poolGaugesOf } from './pool-metrics.js';
import { PoolRecorder } from './pool-recorder.js';
import { type ObservedPool, watchPool } from './pool-watch.js';
import { QueryLabeller } from './query-labels.js';
import type { StatementQuery } from './statement-query.js';

export interface InstrumentPoolOptions {
  /** The `pool` label: letters, digits, dots, dashes and underscores, at most 63, a letter first. Each pool of a registry has its own. */
  readonly name: string;
  /** The registry in which the pool is recorded. */
  readonly registry: MetricsRegistry;
  /**
   * Returns the `statement` label of a query; undefined to use the name in a comment, or of the prepared statement. Called for each query, so it has to
   * be fast. Never return SQL or values.
   * @default undefined
   */
  readonly statement?: ((query: StatementQuery) => string | undefined) | undefined;
  /**
   * How many different statements the pool can have, from 1 to 10000: those that come first. Others become `__other__`.
   * @default 100
   */
  readonly maxStatements?: number | undefined;
}

/** A pool of pg or pg-pool. */
export interface InstrumentablePool {
  readonly totalCount: number;
  readonly idleCount: number;
  readonly waitingCount: number;
  connect(): unknown;
  query(text: string): unknown;
}

const DEFAULT_MAX_STATEMENTS = 100;
const MOST_STATEMENTS = 10_000;
const NAME = /^[A-Za-z][\w.-]{0,62}$/;

interface Instrumented {
  readonly name: string;
  readonly registry: MetricsRegistry;
}

const instrumented = new WeakMap<object, Instrumented>();

/**
 * Measures a pool in place, and returns it: its connections, how long callers wait for one, each query of its clients, rows and transactions.
 *
 * Call it before the pool is used: a client that is in use meanwhile is measured from the next time that it is taken from the pool. A second call with
 * the same name and registry changes nothing. The pool is not kept alive.
 * @throws TSK_ERR_POSTGRES_POOL, TSK_ERR_POSTGRES_NAME, TSK_ERR_POSTGRES_OPTION, TSK_ERR_POSTGRES_NAME_TAKEN if another pool of the registry has the
 * name, TSK_ERR_POSTGRES_INSTRUMENTED if the pool has another name or registry already, TSK_ERR_METRIC_SHAPE if one of its metrics exists otherwise
 * @example instrumentPool(new pg.Pool(), { name: 'main', registry })
 */
export function instrumentPool<P extends InstrumentablePool>(pool: P, options: InstrumentPoolOptions): P {
  if (!isPool(pool)) throw notAPool(pool);
  const { name, registry, statement, maxStatements } = checked(options);
  const already = instrumented.get(pool);
  if (already?.name === name && already.registry === registry) return pool;
  if (already !== undefined) throw instrumentedOtherwise(already.name);
  let isReported = false;
  const labeller = new QueryLabeller({
    maxStatements,
    statementOf: statement,
    failed: (cause) => {
      if (isReported) return;
      isReported = true;
      warn(statementFailed(name, cause));
    },
  });
  const gauges = poolGaugesOf(registry);
  gauges.checkFree(name);
  const recorder = new PoolRecorder({ registry, name, labeller, made: () => gauges.make() });
  gauges.add(name, pool);
  watchPool(pool, { recorder, warn: () => warn(foreignClients(name)) });
  instrumented.set(pool, { name, registry });
  return pool;
}

function checked(options: InstrumentPoolOptions): InstrumentPoolOptions & { readonly maxStatements: number } {
  const { name, registry, statement, maxStatements = DEFAULT_MAX_STATEMENTS } = (options ?? {}) as InstrumentPoolOptions;
  if (typeof name !== 'string' || !NAME.test(name)) throw invalidName(name);
  if (!(registry instanceof MetricsRegistry)) throw invalidOption('registry', registry, 'a MetricsRegistry');
  if (statement !== undefined && typeof statement !== 'function') throw invalidOption('statement', statement, 'a function');
  if (!Number.isSafeInteger(maxStatements) || maxStatements < 1 || maxStatements > MOST_STATEMENTS)
    throw invalidOption('maxStatements', maxStatements, `a whole number from 1 to ${MOST_STATEMENTS}`);
  return { name, registry, statement, maxStatements };
}

function isPool(pool: unknown): pool is InstrumentablePool & ObservedPool & CountedPool {
  const { connect, query, prependListener, totalCount, options } = (pool ?? {}) as Partial<ObservedPool & CountedPool>;
  return (
    [connect, query, prependListener].every((each) => typeof each === 'function') &&
    typeof totalCount === 'number' &&
    typeof options === 'object'
  );
}

function warn({ name: type, message, code }: PostgresError): void {
  process.emitWarning(message, { type, code });
}
