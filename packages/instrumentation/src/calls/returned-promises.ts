/** Native promises: timed until they settle, and handed on as a promise that settles the same way. */
import type { CallRecorder } from './call-recorder.js';
import { hiddenMark } from './hidden-mark.js';

type OnFulfilled = (value: unknown) => unknown;
type OnRejected = (reason: unknown) => unknown;

// The intrinsic: an application that replaces `then` on the prototype does not change what is measured.
const { then } = Promise.prototype;

/** Listens to a native promise whatever has become of its `then`. */
export function listen(promise: object, onFulfilled: OnFulfilled, onRejected: OnRejected): Promise<unknown> {
  return then.call(promise as Promise<unknown>, onFulfilled, onRejected);
}

/**
 * Records a promise's end and returns the promise the caller gets.
 *
 * It is a new one, derived from the method's: listening on the original beside the caller would mark its rejection as handled,
 * and the process would no longer hear of rejections that nobody handles. It settles one microtask later.
 */
export function timePromise(promise: object, calls: CallRecorder, start: number): Promise<unknown> {
  return listen(
    promise,
    (value) => {
      calls.succeeded(start);
      return value;
    },
    (reason) => {
      calls.failed(start, reason);
      throw reason;
    },
  );
}

// A method may return one promise many times, as caches do: its callers keep getting one promise.
const derived = hiddenMark<Promise<unknown>>();

/** Like `timePromise`, for methods that did not make the promise themselves. */
export function timeSharedPromise(promise: object, calls: CallRecorder, start: number): Promise<unknown> {
  const known = derived.of(promise);
  if (known === undefined) {
    const first = timePromise(promise, calls, start);
    copyProperties(promise, first);
    derived.put(promise, first);
    return first;
  }
  // The first derivation listens already, so listening beside it changes nothing about what counts as handled.
  listen(
    promise,
    () => calls.succeeded(start),
    (reason) => calls.failed(start, reason),
  );
  return known;
}

/** What was hung on a promise, such as a `cancel`, is on the caller's as well. */
function copyProperties(promise: object, first: object): void {
  for (const key of Reflect.ownKeys(promise)) {
    const descriptor = Object.getOwnPropertyDescriptor(promise, key);
    // What is there already was put on both by the process's own async hooks.
    if (descriptor !== undefined && !Object.hasOwn(first, key)) Object.defineProperty(first, key, descriptor);
  }
}
