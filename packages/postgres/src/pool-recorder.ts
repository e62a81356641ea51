/** Records what happens in one pool. Everything that is known of a query passes here: when it began, its labels, its rows and its end. */
import type { AsyncResource } from 'node:async_hooks';
import { type ClientCalls, clientCallsOf, type DatabaseClientCall, type FollowedClientCall } from '@tsukimi/instrumentation';
import {
  type Clock,
  type Counter,
  type Histogram,
  holdSeries,
  type MetricsRegistry,
  type SeriesHolder,
  secondsBetween,
} from '@tsukimi/metrics';
import { POSTGRES_CATALOGUE, type TransactionOutcome } from './catalogue.js';
import type { QueryLabeller, QueryLabels } from './query-labels.js';
import { sqlStateClass } from './sql-state.js';
import type { StatementQuery } from './statement-query.js';

/** A query that has begun. */
export interface BegunQuery extends QueryLabels {
  readonly start: bigint;
  readonly text: string | undefined;
  /** What follows the query for observers of the registry; undefined if there are none. */
  readonly followed: FollowedClientCall | undefined;
}

/** When and how a query began. */
interface QueryStart {
  /** @default now */
  readonly start?: bigint;
  /**
   * Whether an instrumentation of OpenTelemetry makes a span of the query, too.
   * @default false
   */
  readonly isTraced?: boolean;
}

type FollowedQuery = Pick<DatabaseClientCall, 'operation' | 'statement' | 'text' | 'isTraced'>;

interface PoolRecorderOptions {
  readonly registry: MetricsRegistry;
  /** The `pool` label. */
  readonly name: string;
  readonly labeller: QueryLabeller;
  /** Called whenever the metrics are created: at first, and again after the registry was cleared. */
  readonly made: () => void;
}

interface PoolMetrics {
  readonly waits: Histogram<'pool'>;
  readonly connectFailures: Counter<'pool' | 'sqlstate'>;
  readonly durations: Histogram<'pool' | 'operation' | 'statement'>;
  readonly failures: Counter<'pool' | 'sqlstate'>;
  readonly rows: Counter<'pool' | 'operation'>;
  readonly transactions: Counter<'pool' | 'outcome'>;
  readonly transactionDurations: Histogram<'pool' | 'outcome'>;
}

/** What is recorded of one pool. Nothing here throws, except the constructor. */
export class PoolRecorder implements SeriesHolder {
  readonly clock: Clock;
  readonly #options: PoolRecorderOptions;
  readonly #pool: string;
  readonly #labeller: QueryLabeller;
  readonly #calls: ClientCalls;
  /** The asynchronous context in which a caller has passed the query that begins now; undefined if it is the current one. */
  #caller: AsyncResource | undefined;
  #metrics: PoolMetrics;
  /** Whether the metrics may no longer be in the registry. */
  #isForgotten = false;

  /** @throws TSK_ERR_METRIC_SHAPE, TSK_ERR_METRIC_NAME_TAKEN if something else has the name of one of the metrics */
  constructor(options: PoolRecorderOptions) {
    this.clock = options.registry.clock;
    this.#options = options;
    this.#pool = options.name;
    this.#labeller = options.labeller;
    this.#calls = clientCallsOf(options.registry);
    this.#metrics = this.#make();
  }

  /** The registry was cleared or reset: the metrics are looked up again with the next recording. */
  forgotten(): void {
    this.#isForgotten = true;
  }

  /** A caller has waited for a connection, and has one or an error. */
  waited(start: bigint, error: unknown): void {
    const [metrics, pool] = [this.#current, this.#pool];
    metrics.waits.observe({ pool }, secondsBetween(start, this.clock()));
    if (error) metrics.connectFailures.inc({ pool, sqlstate: sqlStateClass(error, true) });
  }

  queryBegan(query: StatementQuery, { start = this.clock(), isTraced = false }: QueryStart = {}): BegunQuery {
    const { operation, statement } = this.#labeller.labelsOf(query);
    const { text } = query;
    return { start, operation, statement, text, followed: this.#follow({ operation, statement, text, isTraced }, start) };
  }

  /** Whether observers are told of queries. */
  get isObserved(): boolean {
    return this.#calls.isObserved;
  }

  /** Lets queries that begin during a function begin for observers where the caller has passed them: a pool sends them later, from elsewhere. */
  passedBy<R>(caller: AsyncResource | undefined, act: () => R): R {
    this.#caller = caller;
    try {
      return act();
    } finally {
      this.#caller = undefined;
    }
  }

  #follow(query: FollowedQuery, start: bigint): FollowedClientCall | undefined {
    const calls = this.#calls;
    if (!calls.isObserved) return undefined;
    const elapsedSeconds = secondsBetween(start, this.clock());
    const began = () => calls.began({ kind: 'database', system: 'postgresql', pool: this.#pool, ...query }, { elapsedSeconds });
    return this.#caller === undefined ? began() : this.#caller.runInAsyncScope(began);
  }

  queryEnded(query: BegunQuery): void {
    this.#timed(query);
    query.followed?.ended({ failure: undefined, error: undefined, statusCode: undefined });
  }

  queryFailed(query: BegunQuery, { error, isLost }: { readonly error: unknown; readonly isLost: boolean }): void {
    this.#timed(query);
    const sqlstate = sqlStateClass(error, isLost);
    this.#current.failures.inc({ pool: this.#pool, sqlstate });
    query.followed?.ended({ failure: sqlstate, error, statusCode: undefined });
  }

  #timed({ start, operation, statement }: BegunQuery): void {
    this.#current.durations.observe({ pool: this.#pool, operation, statement }, secondsBetween(start, this.clock()));
  }

  rows(operation: string, count: number): void {
    this.#current.rows.inc({ pool: this.#pool, operation }, count);
  }

  transactionEnded(outcome: TransactionOutcome, start: bigint, end: bigint): void {
    const [metrics, labels] = [this.#current, { pool: this.#pool, outcome }];
    metrics.transactions.inc(labels);
    metrics.transactionDurations.observe(labels, secondsBetween(start, end));
  }

  get #current(): PoolMetrics {
    if (this.#isForgotten) this.#makeAgain();
    return this.#metrics;
  }

  #makeAgain(): void {
    this.#isForgotten = false;
    try {
      this.#metrics = this.#make();
    } catch {
      // Another metric has one of the names now: what is recorded is in no registry, and queries go on.
    }
  }

  #make(): PoolMetrics {
    const { registry, made } = this.#options;
    const metrics = {
      waits: registry.histogram(POSTGRES_CATALOGUE.wait),
      connectFailures: registry.counter(POSTGRES_CATALOGUE.connectFailures),
      durations: registry.histogram(POSTGRES_CATALOGUE.queryDuration),
      failures: registry.counter(POSTGRES_CATALOGUE.queryFailures),
      rows: registry.counter(POSTGRES_CATALOGUE.rows),
      transactions: registry.counter(POSTGRES_CATALOGUE.transactions),
      transactionDurations: registry.histogram(POSTGRES_CATALOGUE.transactionDuration),
    };
    made();
    // Its series says when the registry is cleared.
    holdSeries(metrics.waits.labels({ pool: this.#pool }), this);
    return metrics;
  }
}
