/** Records what happens in one pool. Everything that is known of a query passes here: when it began, its labels, its rows and its end. */
import { type Clock, type Counter, type Histogram, type MetricsRegistry, secondsBetween } from '@tsukimi/metrics';
import { POSTGRES_CATALOGUE, type TransactionOutcome } from './catalogue.js';
import type { QueryLabeller, QueryLabels } from './query-labels.js';
import { sqlStateClass } from './sql-state.js';
import type { StatementQuery } from './statement-query.js';

/** A query that has begun. */
export interface BegunQuery extends QueryLabels {
  readonly start: bigint;
  readonly text: string | undefined;
}

interface PoolRecorderOptions {
  readonly registry: MetricsRegistry;
  /** The `pool` label. */
  readonly name: string;
  readonly labeller: QueryLabeller;
}

/** What is recorded of one pool. Nothing here throws. */
export class PoolRecorder {
  readonly clock: Clock;
  readonly #pool: string;
  readonly #labeller: QueryLabeller;
  readonly #waits: Histogram<'pool'>;
  readonly #connectFailures: Counter<'pool' | 'sqlstate'>;
  readonly #durations: Histogram<'pool' | 'operation' | 'statement'>;
  readonly #failures: Counter<'pool' | 'sqlstate'>;
  readonly #rows: Counter<'pool' | 'operation'>;
  readonly #transactions: Counter<'pool' | 'outcome'>;
  readonly #transactionDurations: Histogram<'pool' | 'outcome'>;

  constructor({ registry, name, labeller }: PoolRecorderOptions) {
    this.clock = registry.clock;
    this.#pool = name;
    this.#labeller = labeller;
    this.#waits = registry.histogram(POSTGRES_CATALOGUE.wait);
    this.#connectFailures = registry.counter(POSTGRES_CATALOGUE.connectFailures);
    this.#durations = registry.histogram(POSTGRES_CATALOGUE.queryDuration);
    this.#failures = registry.counter(POSTGRES_CATALOGUE.queryFailures);
    this.#rows = registry.counter(POSTGRES_CATALOGUE.rows);
    this.#transactions = registry.counter(POSTGRES_CATALOGUE.transactions);
    this.#transactionDurations = registry.histogram(POSTGRES_CATALOGUE.transactionDuration);
  }

  /** A caller has waited for a connection, and has one or an error. */
  waited(start: bigint, error: unknown): void {
    const pool = this.#pool;
    this.#waits.observe({ pool }, secondsBetween(start, this.clock()));
    if (error) this.#connectFailures.inc({ pool, sqlstate: sqlStateClass(error, true) });
  }

  queryBegan(query: StatementQuery, start: bigint = this.clock()): BegunQuery {
    const { operation, statement } = this.#labeller.labelsOf(query);
    return { start, operation, statement, text: query.text };
  }

  queryEnded({ start, operation, statement }: BegunQuery): void {
    this.#durations.observe({ pool: this.#pool, operation, statement }, secondsBetween(start, this.clock()));
  }

  queryFailed(query: BegunQuery, { error, isLost }: { readonly error: unknown; readonly isLost: boolean }): void {
    this.queryEnded(query);
    this.#failures.inc({ pool: this.#pool, sqlstate: sqlStateClass(error, isLost) });
  }

  rows(operation: string, count: number): void {
    this.#rows.inc({ pool: this.#pool, operation }, count);
  }

  transactionEnded(outcome: TransactionOutcome, start: bigint, end: bigint): void {
    const labels = { pool: this.#pool, outcome };
    this.#transactions.inc(labels);
    this.#transactionDurations.observe(labels, secondsBetween(start, end));
  }
}
