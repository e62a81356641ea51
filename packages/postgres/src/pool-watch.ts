/** Follows a pool: how long callers wait for a connection, and each client that the pool opens. */
import { AsyncResource } from 'node:async_hooks';
import type { EventEmitter } from 'node:events';
import { watchClient } from './client-watch.js';
import type { PoolRecorder } from './pool-recorder.js';
import { define } from './private-api.js';
import { type StatementQuery, statementQueryOf } from './statement-query.js';

/** A pool, as far as it is followed. */
export interface ObservedPool extends EventEmitter {
  readonly ending: boolean;
  readonly Promise?: PromiseConstructor;
  readonly options: { onConnect?: ((client: object) => unknown) | undefined };
  connect(...args: unknown[]): unknown;
  query(...args: unknown[]): unknown;
}

type Connected = (error: unknown, client: object | undefined, release: unknown) => void;

/** Begins to follow a pool. */
export function watchPool(pool: ObservedPool, { recorder, warn }: { readonly recorder: PoolRecorder; readonly warn: () => void }): void {
  let isWarned = false;
  const watch = (client: object): void => {
    if (watchClient(client, recorder) || isWarned) return;
    isWarned = true;
    warn();
  };
  // First, because the listeners of users can send queries.
  pool.prependListener('connect', watch);
  const { onConnect } = pool.options;
  if (typeof onConnect === 'function')
    pool.options.onConnect = function observed(this: unknown, ...args: [client: object]): unknown {
      watch(args[0]);
      return Reflect.apply(onConnect, this, args);
    };
  new Waits(recorder, watch).follow(pool);
}

/** Measures how long callers of `connect` and `query` wait for a connection. */
class Waits {
  /** The query for which `pool.query` calls `connect`, during that call. */
  #query: StatementQuery | undefined;
  /** Where that query was passed, if somebody observes queries. */
  #caller: AsyncResource | undefined;

  constructor(
    private readonly recorder: PoolRecorder,
    private readonly watch: (client: object) => void,
  ) {}

  follow(pool: ObservedPool): void {
    const waits = this;
    const { query } = pool;
    const { connect } = pool;
    const isOverridden = ownersOf(pool, 'connect') !== 1 || Object.hasOwn(pool, 'connect');
    define(pool, 'query', function observedQuery(this: unknown, ...args: unknown[]): unknown {
      waits.#query = typeof args[0] === 'function' ? undefined : statementQueryOf(args[0], args[1]);
      waits.#caller = waits.recorder.isObserved ? new AsyncResource('TSUKIMI_QUERY') : undefined;
      try {
        return Reflect.apply(query, this, args);
      } finally {
        waits.#query = undefined;
        waits.#caller = undefined;
      }
    });
    define(pool, 'connect', function observedConnect(this: ObservedPool, ...args: unknown[]): unknown {
      // A pool at its limit sends the query later, when another caller releases a client.
      const caller = waits.#caller;
      const ended = waits.#begin();
      const [callback] = args;
      if (typeof callback === 'function') {
        const connected: Connected = function (this: unknown, ...results): void {
          ended(results[0], results[1]);
          if (caller === undefined) Reflect.apply(callback, this, results);
          else waits.recorder.passedBy(caller, () => Reflect.apply(callback, this, results));
        };
        return Reflect.apply(connect, this, [connected, ...args.slice(1)]);
      }
      if (isOverridden || this.ending) return afterSettled(Reflect.apply(connect, this, args), ended);
      return waits.#promised(this, { connect, ended });
    });
  }

  /** Begins a wait. The returned function ends it, before the caller is told. */
  #begin(): (error: unknown, client: object | undefined) => void {
    const { recorder } = this;
    const query = this.#query;
    const caller = this.#caller;
    this.#query = undefined;
    this.#caller = undefined;
    const start = recorder.clock();
    return (error, client) => {
      if (client) this.watch(client);
      recorder.waited(start, error);
      // A query that got no connection is never sent: it fails here.
      if (error && query !== undefined)
        recorder.passedBy(caller, () => recorder.queryFailed(recorder.queryBegan(query, { start }), { error, isLost: true }));
    };
  }

  /** Calls `connect` with a callback, and returns the promise that pg-pool would: it settles in the same tick, and is unhandled if nobody handles it. */
  #promised(
    pool: ObservedPool,
    { connect, ended }: { readonly connect: ObservedPool['connect']; readonly ended: (error: unknown, client: object | undefined) => void },
  ): unknown {
    let resolve: (client: unknown) => void = () => {};
    let reject: (error: unknown) => void = () => {};
    const PoolPromise = pool.Promise ?? Promise;
    const promise = new PoolPromise((onResolve, onReject) => {
      resolve = onResolve;
      reject = onReject;
    }).catch((error: unknown) => {
      // As pg-pool does: the stack then leads to the caller.
      Error.captureStackTrace(error as object);
      throw error;
    });
    const connected: Connected = (error, client) => {
      ended(error, client);
      if (error) reject(error);
      else resolve(client);
    };
    Reflect.apply(connect, pool, [connected]);
    return promise;
  }
}

/** For pools whose `connect` is not pg-pool's own, and may not take callbacks. */
function afterSettled(result: unknown, ended: (error: unknown, client: object | undefined) => void): unknown {
  if (typeof (result as PromiseLike<object> | undefined)?.then !== 'function') return result;
  return (result as PromiseLike<object>).then(
    (client) => {
      ended(undefined, client);
      return client;
    },
    (error: unknown) => {
      ended(error || new Error('no reason'), undefined);
      throw error;
    },
  );
}

/** How many objects of a prototype chain have their own method of a name. */
function ownersOf(object: object, method: string): number {
  let count = 0;
  for (let each: object | null = object; each !== null; each = Object.getPrototypeOf(each)) if (Object.hasOwn(each, method)) count += 1;
  return count;
}
