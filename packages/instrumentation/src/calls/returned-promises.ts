/** Native promises: timed until they settle, and handed on as a promise that settles the same way. */
import type { CallSeries } from './call-series.js';

// The intrinsic: an application that replaces `then` on the prototype does not change what is measured.
const { then } = Promise.prototype;

/**
 * Records a promise's end and returns the promise the caller gets.
 *
 * It is a new one, derived from the method's: listening on the original beside the caller would mark its rejection as handled,
 * and the process would no longer hear of rejections that nobody handles. It settles one microtask later.
 */
export function timePromise(promise: object, calls: CallSeries, start: bigint): Promise<unknown> {
  return then.call(
    promise as Promise<unknown>,
    (value: unknown) => {
      calls.succeeded(start);
      return value;
    },
    (reason: unknown) => {
      calls.failed(start);
      throw reason;
    },
  );
}

// A method may return one promise many times, as caches do: its callers keep getting one promise.
const derived = new WeakMap<object, Promise<unknown>>();

/** Like `timePromise`, for methods that did not make the promise themselves. */
export function timeSharedPromise(promise: object, calls: CallSeries, start: bigint): Promise<unknown> {
  const known = derived.get(promise);
  if (known === undefined) {
    const first = timePromise(promise, calls, start);
    derived.set(promise, first);
    return first;
  }
  // The first derivation listens already, so listening beside it changes nothing about what counts as handled.
  then.call(
    promise as Promise<unknown>,
    () => calls.succeeded(start),
    () => calls.failed(start),
  );
  return known;
}
