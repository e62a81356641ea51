/** Runs functions and detects their end, without visible effect on their results. */
import { types } from 'node:util';

// The intrinsic method, so that an application that replaces `then` on the prototype does not affect measuring.
const { then } = Promise.prototype;

/**
 * Runs a function and calls `ended` once: when the function has returned or thrown, or, if it returns a native promise, when that has settled.
 *
 * Results and errors are unchanged. For a promise, the caller gets another promise that settles the same way, because an additional listener would
 * mark an unhandled rejection as handled. Other thenables are returned unchanged, so that measuring does not run a lazy query.
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

/** Distinguishes the arguments of `time(work)` and `time(labels, work)`. */
export function labelsAndWork<A, W extends (...values: never[]) => unknown>(args: readonly unknown[]): [labels: A | undefined, work: W] {
  return typeof args[0] === 'function' ? [undefined, args[0] as W] : [args[0] as A, args[1] as W];
}
