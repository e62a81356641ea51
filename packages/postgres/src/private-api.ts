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
  readonly pipeline?: boolean;
  query(...args: unknown[]): unknown;
}

/** Whether a client has what is used; pg-native's clients do not. */
export function isObservable(client: unknown): client is ObservedClient {
  const { connection, query } = (client ?? {}) as Partial<ObservedClient>;
  return typeof connection?.prependListener === 'function' && typeof query === 'function' && queueOf(client as object) !== undefined;
}

/** Whether an instrumentation of OpenTelemetry has wrapped a function: it marks what it puts in its place. */
export function isTraced(method: (...args: never[]) => unknown): boolean {
  return Reflect.get(method, '__wrapped') === true && typeof Reflect.get(method, '__original') === 'function';
}

/** Queries that were not sent yet, in an array that pg never replaces. Older versions of 8 have it without the underscore, where newer ones warn. */
function queueOf(client: object): QueuedQuery[] | undefined {
  const queues = ['_queryQueue', 'queryQueue'].map((name): unknown => Object.getOwnPropertyDescriptor(client, name)?.value);
  return queues.find((each) => Array.isArray(each)) as QueuedQuery[] | undefined;
}

/** Calls a function with each query that is put into a client's queue, before it is sent. */
export function onQueued(client: ObservedClient, queued: (query: QueuedQuery) => void): void {
  const queue = queueOf(client) ?? [];
  define(queue, 'push', (...queries: QueuedQuery[]) => {
    for (const query of queries) queued(query);
    return Array.prototype.push.apply(queue, queries);
  });
}

/** The callbacks for what happens to a query. */
export interface QueryListener {
  completed(message: unknown): void;
  failed(error: unknown): void;
  ready(): void;
  row(): void;
}

const LISTENER = Symbol('tsukimi:query-listener');

interface ListenedQuery extends QueuedQuery {
  [LISTENER]?: QueryListener;
}

type Method = (this: ListenedQuery, message: unknown, connection: unknown) => unknown;
type Methods = Readonly<Record<'handleCommandComplete' | 'handleError' | 'handleReadyForQuery' | 'handleDataRow', Method | undefined>>;

/** By the class of the queries: theirs are on the prototype, so that one set of functions is enough for all of them. */
const methodsOfClass = new WeakMap<object, Methods>();

/** What is known of a query when it is listened to. */
export interface ListenOptions {
  /** Whether to tell of each row. */
  readonly rows: boolean;
  /** Whether a user has the object, and must not see what is added to it. */
  readonly isSeen: boolean;
}

/** Tells a listener of what happens to a query, before the query itself is told. Its methods do the same as before. */
export function listen(query: ListenedQuery, listener: QueryListener, { rows, isSeen }: ListenOptions): void {
  const { handleCommandComplete, handleError, handleReadyForQuery, handleDataRow } = listeningMethods(query);
  // Defining properties takes about 1 µs for each query.
  const set = isSeen ? hide : assign;
  set(query, LISTENER, listener);
  set(query, 'handleCommandComplete', handleCommandComplete);
  set(query, 'handleError', handleError);
  set(query, 'handleReadyForQuery', handleReadyForQuery);
  if (rows && handleDataRow !== undefined) set(query, 'handleDataRow', handleDataRow);
}

function listeningMethods(query: QueuedQuery): Methods {
  // Streams have functions of their own, which they get from their cursor.
  if (Object.hasOwn(query, 'handleError')) return makeMethods(query);
  const prototype: object = Object.getPrototypeOf(query);
  let methods = methodsOfClass.get(prototype);
  if (methods === undefined) {
    methods = makeMethods(query);
    methodsOfClass.set(prototype, methods);
  }
  return methods;
}

function makeMethods(query: QueuedQuery): Methods {
  const { handleCommandComplete, handleError, handleReadyForQuery, handleDataRow } = query as unknown as Methods;
  return {
    handleCommandComplete(message, connection) {
      this[LISTENER]?.completed(message);
      return handleCommandComplete?.call(this, message, connection);
    },
    handleError(error, connection) {
      this[LISTENER]?.failed(error);
      return handleError?.call(this, error, connection);
    },
    handleReadyForQuery(message, connection) {
      this[LISTENER]?.ready();
      return handleReadyForQuery?.call(this, message, connection);
    },
    handleDataRow:
      handleDataRow &&
      function (message, connection) {
        this[LISTENER]?.row();
        return handleDataRow.call(this, message, connection);
      },
  };
}

function hide(object: object, key: PropertyKey, value: unknown): void {
  if (Object.hasOwn(object, key)) assign(object, key, value);
  else define(object, key, value);
}

function assign(object: object, key: PropertyKey, value: unknown): void {
  (object as Record<PropertyKey, unknown>)[key] = value;
}

/** Sets a property that does not show when the object is printed or compared. */
export function define(object: object, key: PropertyKey, value: unknown): void {
  Object.defineProperty(object, key, { value, writable: true, configurable: true, enumerable: false });
}
