/** Where the context of the running code is kept: one `AsyncLocalStorage` for the process, or the storage of a tracing library instead. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { OpenContext, SpanIds } from './open-context.js';

/** Keeps the context across everything asynchronous. */
export interface ContextStorage {
  /** Returns the context of the running code. */
  get(): OpenContext | undefined;
  /** Runs a function, and everything that it starts, in a context. */
  run<R>(context: OpenContext, act: () => R): R;
  /** Returns the span of the running code, which may be inside that of its context. */
  activeSpan?(): SpanIds | undefined;
  /**
   * Returns the headers by which the running code passes its trace on to another service.
   * @default `traceparent` and `tracestate` of the active span, or those that the request brought
   */
  traceHeaders?(): Readonly<Record<string, string>>;
}

class OwnStorage implements ContextStorage {
  // Costs nothing until the first `run`.
  readonly #local = new AsyncLocalStorage<OpenContext>();

  get(): OpenContext | undefined {
    return this.#local.getStore();
  }

  run<R>(context: OpenContext, act: () => R): R {
    return this.#local.run(context, act);
  }
}

const own: ContextStorage = new OwnStorage();
let storage: ContextStorage = own;

/**
 * Keeps contexts in another storage from now on, so that one `AsyncLocalStorage` serves both. For tracing libraries; call it before requests arrive.
 * @returns a function that goes back to the storage of the process, unless another one has been set since
 */
export function replaceContextStorage(replacement: ContextStorage): () => void {
  storage = replacement;
  return () => {
    if (storage === replacement) storage = own;
  };
}

/** Returns the open context of the running code. */
export function openContext(): OpenContext | undefined {
  return storage.get();
}

/** Returns the ids of the span of the running code; undefined if there is none. */
export function activeSpan(): SpanIds | undefined {
  return storage.activeSpan === undefined ? storage.get()?.span : storage.activeSpan();
}

/** Returns the headers of the running code's trace; undefined if the storage leaves them to its caller. */
export function traceHeaders(): Readonly<Record<string, string>> | undefined {
  return storage.traceHeaders?.();
}

export function runIn<R>(context: OpenContext, act: () => R): R {
  return storage.run(context, act);
}
