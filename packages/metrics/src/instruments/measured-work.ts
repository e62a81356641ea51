/** Work that something is done at the end of, with a result that nobody can tell from the bare one. */
import { types } from 'node:util';

// The intrinsic: an application that replaces `then` on the prototype does not change what is measured.
const { then } = Promise.prototype;

/**
 * Runs work and calls `ended` once: when it has returned or thrown, or, where it gives a native promise, when that has settled.
 *
 * Result and error pass through untouched. For a promise the caller gets one that settles the same way: listening beside the caller would
 * mark a rejection as handled that nobody handles. Other thenables are handed on as they are: a lazy query does not run because it is measured.
 * @param ended must not throw
 */
export function measured<R>(work: () => R, ended: () => void): R {
  let result: R;
  try {
    result = work();
  } catch (error) {
    ended();
    throw error;
  }
  if (isNativePromise(result)) return settling(result, ended) as R;
  ended();
  return result;
}

function settling<T>(promise: Promise<T>, ended: () => void): Promise<T> {
  return then.call(
    promise,
    (value) => {
      ended();
      return value;
    },
    (reason) => {
      ended();
      throw reason;
    },
  ) as Promise<T>;
}

function isNativePromise(value: unknown): value is Promise<unknown> {
  return types.isPromise(value) && value.constructor === Promise;
}

/** The arguments of `time(work)` and `time(labels, work)`, told apart. */
export function labelsAndWork<A, W extends (...values: never[]) => unknown>(args: readonly unknown[]): [labels: A | undefined, work: W] {
  return typeof args[0] === 'function' ? [undefined, args[0] as W] : [args[0] as A, args[1] as W];
}
