/** Follows one client of a pool: its queries, cursors and streams, and its transactions. */
import type { BegunQuery, PoolRecorder } from './pool-recorder.js';
import { before, define, isObservable, type ObservedClient, onQueued, type QueuedQuery } from './private-api.js';
import { operationOfTag } from './sql-text.js';
import { statementQueryOf } from './statement-query.js';
import { TransactionWatch } from './transaction-watch.js';

/** `INSERT 0 5`, `SELECT 5`, `COPY 5`: what was done, and to how many rows. */
const TAG = /^([A-Z][A-Z ]*?)(?: (?:\d+ )?(\d+))?$/;

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
  readonly #recorder: PoolRecorder;
  readonly #transactions: TransactionWatch;
  #queued = 0;
  #isLost = false;

  constructor(client: ObservedClient, recorder: PoolRecorder) {
    this.#recorder = recorder;
    this.#transactions = new TransactionWatch(recorder.clock, (...ended) => recorder.transactionEnded(...ended));
    onQueued(client, (query) => this.#begin(query));
    this.#followRefused(client);
    const { connection } = client;
    // First, because pg's own listeners call the callbacks of users.
    connection.prependListener('readyForQuery', (message?: { readonly status?: unknown }) => this.#transactions.ready(message?.status));
    connection.prependListener('error', () => this.#lose());
    connection.prependListener('end', () => {
      this.#lose();
      this.#transactions.closed();
    });
  }

  #lose(): void {
    this.#isLost = true;
  }

  /** A client whose connection is lost, or that was ended, does not put a query into its queue: it answers with an error in the next tick. */
  #followRefused(client: ObservedClient): void {
    const { query: original } = client;
    const watch = this;
    define(client, 'query', function query(this: unknown, ...args: unknown[]): unknown {
      const queuedBefore = watch.#queued;
      const result = Reflect.apply(original, this, args);
      if (watch.#queued === queuedBefore) watch.#refused(args);
      return result;
    });
  }

  #refused([query, values]: readonly unknown[]): void {
    const recorder = this.#recorder;
    recorder.queryFailed(recorder.queryBegan(statementQueryOf(query, values)), { error: undefined, isLost: true });
  }

  #begin(query: QueuedQuery): void {
    this.#queued += 1;
    const recorder = this.#recorder;
    const facts = statementQueryOf(query);
    const begun = recorder.queryBegan(facts);
    let isOver = false;
    let hasRows = false;
    before(query, 'handleCommandComplete', (message) => {
      const rows = this.#completed(message, { begun, text: facts.text ?? '' });
      if (!hasRows && rows !== undefined) recorder.rows(rows.operation, rows.count);
    });
    before(query, 'handleError', (error) => {
      if (isOver) return;
      isOver = true;
      recorder.queryFailed(begun, { error: query._canceledDueToError || error, isLost: this.#isLost });
    });
    before(query, 'handleReadyForQuery', () => {
      // pg calls handleError next if a row could not be parsed.
      if (isOver || query._canceledDueToError) return;
      isOver = true;
      recorder.queryEnded(begun);
    });
    // A cursor can end before all rows were read, and the tag of its last page counts that page only.
    if (readsInPages(query))
      before(query, 'handleDataRow', () => {
        hasRows = true;
        recorder.rows(begun.operation, 1);
      });
  }

  #completed(
    message: unknown,
    { begun, text }: { readonly begun: BegunQuery; readonly text: string },
  ): { readonly operation: string; readonly count: number } | undefined {
    const [, tag = '', count] = TAG.exec(String((message as { readonly text?: unknown } | undefined)?.text)) ?? [];
    this.#transactions.completed(tag, { start: begun.start, text });
    return count === undefined ? undefined : { operation: operationOfTag(tag), count: Number(count) };
  }
}

/** Cursors and streams, and queries that fetch a number of rows at once. */
function readsInPages(query: QueuedQuery): boolean {
  return Boolean(query.rows) || !('requiresPreparation' in query);
}
