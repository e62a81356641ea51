/** What is used of pg that it does not document: how a client keeps queries, and what it calls on them. `test/private-api.test.ts` says what changed. */
import type { EventEmitter } from 'node:events';

/** A query, cursor or stream in a client's queue: pg calls these methods with the messages of the server. */
export interface QueuedQuery {
  readonly text?: unknown;
  readonly name?: unknown;
  readonly values?: unknown;
  /** How many rows a `Query` asks for at once; 0 or undefined for all. */
  readonly rows?: unknown;
  /** Of a stream, whose cursor has the text. */
  readonly cursor?: { readonly text?: unknown; readonly values?: unknown };
  /** Why pg ignores the rest of a result: a row could not be parsed. */
  readonly _canceledDueToError?: unknown;
  handleCommandComplete(message: { readonly text?: unknown }, connection: unknown): void;
  handleReadyForQuery(connection: unknown): void;
  handleError(error: unknown, connection: unknown): void;
  handleDataRow?(message: unknown): void;
}

/** A client of pg, as far as it is used. */
export interface ObservedClient extends EventEmitter {
  /** Emits the messages of the server: `readyForQuery` with the state of the transaction, `end` when the connection is closed. */
  readonly connection: EventEmitter;
  /** Queries that were not sent yet. pg never replaces the array. */
  readonly _queryQueue: QueuedQuery[];
  query(...args: unknown[]): unknown;
}

/** Whether a client has what is used; pg-native's clients do not. */
export function isObservable(client: unknown): client is ObservedClient {
  const { connection, _queryQueue, query } = (client ?? {}) as Partial<ObservedClient>;
  return Array.isArray(_queryQueue) && typeof connection?.prependListener === 'function' && typeof query === 'function';
}

/** Calls a function with each query that is put into a client's queue, before it is sent. */
export function onQueued(client: ObservedClient, queued: (query: QueuedQuery) => void): void {
  const queue = client._queryQueue;
  define(queue, 'push', (...queries: QueuedQuery[]) => {
    for (const query of queries) queued(query);
    return Array.prototype.push.apply(queue, queries);
  });
}

/** Replaces a method of an object by one that first calls a function, and otherwise does the same. */
export function before<T extends object, K extends keyof T & string>(object: T, method: K, call: (argument: unknown) => void): void {
  const original = object[method];
  if (typeof original !== 'function') return;
  define(object, method, function observed(this: unknown, ...args: unknown[]): unknown {
    call(args[0]);
    return Reflect.apply(original, this, args);
  });
}

/** Sets a property that does not show when the object is printed or compared. */
export function define(object: object, key: string, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, configurable: true, enumerable: false });
}
