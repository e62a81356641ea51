/** Native promises: timed until they settle, and handed on as a promise that settles the same way. */
import type { CallRecorder } from './call-recorder.js';
import { HandedOn, handedOnOf, leadTo } from './handed-on.js';

type OnFulfilled = (value: unknown) => unknown;
type OnRejected = (reason: unknown) => unknown;

// The intrinsic: an application that replaces `then` on the prototype does not change what is measured.
const { then } = Promise.prototype;

/** Listens to a native promise whatever has become of its `then`. */
export function listen(promise: object, onFulfilled: OnFulfilled, onRejected: OnRejected): Promise<unknown> {
  return then.call(promise as Promise<unknown>, onFulfilled, onRejected);
}

/**
 * Records the end of a promise that a method returned and did not make itself, and returns the promise the caller gets.
 *
 * It is a new one, derived from the method's, unless that is ours already: listening on the original beside the caller would mark its rejection as
 * handled, and the process would no longer hear of rejections that nobody handles. It settles one microtask later.
 */
export function timeSharedPromise(promise: object, calls: CallRecorder, start: number): Promise<unknown> {
  const known = handedOnOf(promise);
  if (known === undefined) return derive(promise, calls, start);
  known.follow(calls, start);
  return known.promise;
}

function derive(promise: object, calls: CallRecorder, start: number): Promise<unknown> {
  const derived = listen(
    promise,
    (value) => {
      handedOn.fulfilled();
      return value;
    },
    (reason) => {
      handedOn.rejected(reason);
      throw reason;
    },
  );
  copyProperties(promise, derived);
  const handedOn = new HandedOn(derived);
  handedOn.follow(calls, start);
  leadTo(promise, handedOn);
  return derived;
}

/** What was hung on a promise, such as a `cancel`, is on the caller's as well. */
function copyProperties(promise: object, first: object): void {
  for (const key of Reflect.ownKeys(promise)) {
    const descriptor = Object.getOwnPropertyDescriptor(promise, key);
    // What is there already was put on both by the process's own async hooks.
    if (descriptor !== undefined && !Object.hasOwn(first, key)) Object.defineProperty(first, key, descriptor);
  }
}
