/** Follows one client of a pool: its queries, cursors and streams, and its transactions. */
import { readCommandTag } from './command-tag.js';
import type { BegunQuery, PoolRecorder } from './pool-recorder.js';
import {
  define,
  isObservable,
  isTraced,
  listen,
  type ObservedClient,
  onQueued,
  type QueryListener,
  type QueuedQuery,
} from './private-api.js';
import { statementQueryOf } from './statement-query.js';
import { TransactionWatch } from './transaction-watch.js';

const watched = new WeakSet<object>();

/**
 * Begins to follow a client. A client that is followed already is left alone.
 * @returns false if the client is of another kind than pg's own, so that its queries can't be followed
 */
export function watchClient(client: object, recorder: PoolRecorder): boolean {
  if (watched.has(client)) return true;
  if (!isObservable(client)) return false;
  watched.add(client);
  new ClientWatch(client, recorder);
  return true;
}

class ClientWatch {
  readonly recorder: PoolRecorder;
  readonly transactions: TransactionWatch;
  readonly isTraced: boolean;
  /** Whether the connection is closed or broken. */
  isLost = false;
  #queued = 0;
  /** What a user has passed to `query()`, during that call. */
  #passed: unknown;

  constructor(client: ObservedClient, recorder: PoolRecorder) {
    this.recorder = recorder;
    this.isTraced = isTraced(client.query);
    this.transactions = new TransactionWatch(recorder.clock, (...ended) => recorder.transactionEnded(...ended));
    onQueued(client, (query) => this.#begin(query));
    this.#followRefused(client);
    const { connection } = client;
    // First, because pg's own listeners call the callbacks of users.
    connection.prependListener('readyForQuery', (message?: { readonly status?: unknown }) => this.transactions.ready(message?.status));
    connection.prependListener('error', () => this.#lose());
    connection.prependListener('end', () => {
      this.#lose();
      this.transactions.closed();
    });
  }

  #lose(): void {
    this.isLost = true;
  }

  /** A client whose connection is lost, or that was ended, does not put a query into its queue: it answers with an error in the next tick. */
  #followRefused(client: ObservedClient): void {
    const { query: original } = client;
    const watch = this;
    define(client, 'query', function query(this: unknown, ...args: unknown[]): unknown {
      const queuedBefore = watch.#queued;
      watch.#passed = args[0];
      const result = Reflect.apply(original, this, args);
      // In pipeline mode, a client that works refuses cursors and streams.
      if (watch.#queued === queuedBefore) watch.#refused(args, watch.isLost || client.pipeline !== true);
      return result;
    });
  }

  #refused([query, values]: readonly unknown[], isLost: boolean): void {
    this.recorder.queryFailed(this.recorder.queryBegan(statementQueryOf(query, values), this), { error: undefined, isLost });
  }

  #begin(query: QueuedQuery): void {
    this.#queued += 1;
    const isSeen = query === this.#passed;
    this.#passed = undefined;
    // A cursor can end before all rows were read, and the tag of its last page counts that page only.
    listen(query, new RunningQuery(query, this), { rows: readsInPages(query), isSeen });
  }
}

/** One query of a client, until it is over. */
class RunningQuery implements QueryListener {
  readonly #query: QueuedQuery;
  readonly #watch: ClientWatch;
  readonly #begun: BegunQuery;
  #isOver = false;
  #hasRows = false;

  constructor(query: QueuedQuery, watch: ClientWatch) {
    this.#query = query;
    this.#watch = watch;
    this.#begun = watch.recorder.queryBegan(statementQueryOf(query), watch);
  }

  completed(message: unknown): void {
    const { tag, operation, rows } = readCommandTag((message as { readonly text?: unknown } | undefined)?.text);
    const { recorder, transactions } = this.#watch;
    transactions.completed(tag, this.#begun);
    if (rows !== undefined && !this.#hasRows) recorder.rows(operation, rows);
  }

  row(): void {
    this.#hasRows = true;
    this.#watch.recorder.rows(this.#begun.operation, 1);
  }

  failed(error: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const { recorder, isLost } = this.#watch;
    recorder.queryFailed(this.#begun, { error: this.#query._canceledDueToError || error, isLost });
  }

  ready(): void {
    // pg calls handleError next if a row could not be parsed.
    if (this.#isOver || this.#query._canceledDueToError) return;
    this.#isOver = true;
    this.#watch.recorder.queryEnded(this.#begun);
  }
}

/** Cursors and streams, and queries that fetch a number of rows at once. */
function readsInPages(query: QueuedQuery): boolean {
  return Boolean(query.rows) || !('requiresPreparation' in query);
}
