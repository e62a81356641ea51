/**
 * The wrappers of synchronous methods: clock, original, clock, series. A call needs no look-up and no allocation.
 *
 * Wrappers are methods of an object literal: like the methods they stand for, they can't be called with `new`.
 * They pass on `arguments`, which V8 never materializes, where rest parameters would cost an array for each call.
 * They use `finally`, not `catch` and `throw`, so that an uncaught error is still shown at the line that threw it; only where somebody wants to know
 * the error is it caught.
 */

import { nanoseconds } from '@tsukimi/metrics';
import type { AnyFunction } from '../functions/method-kind.js';
import type { CallRecorder } from '../recording/call-recorder.js';
import { mayBeLater } from '../results/returned-values.js';

// Read when this module is loaded, so that an application that replaces them later neither sees nor changes our calls.
const { apply, construct } = Reflect;

/** Times calls that returned an object, until that object ends. */
interface Returned {
  time(value: object, start: number): void;
}

/** For methods, arrow functions and generators. */
export function syncVariant(original: AnyFunction, calls: CallRecorder, returned: Returned): AnyFunction {
  if (calls.wantsThrown) return noticingVariant(original, calls, returned);
  const { begins } = calls;
  return {
    method(this: unknown): unknown {
      const start = nanoseconds(begins());
      let threw = true;
      let result: unknown;
      try {
        // biome-ignore lint/complexity/noArguments: see above.
        result = apply(original, this, arguments);
        threw = false;
      } finally {
        if (threw) calls.failedUnseen(start);
      }
      // A method that returns `this`, for chaining, has ended, even if `this` can be awaited.
      if (mayBeLater(result) && result !== this) returned.time(result, start);
      else calls.succeeded(start);
      return result;
    },
  }.method;
}

/** The same for a recorder that wants to know what was thrown. */
function noticingVariant(original: AnyFunction, calls: CallRecorder, returned: Returned): AnyFunction {
  const { begins } = calls;
  return {
    method(this: unknown): unknown {
      const start = nanoseconds(begins());
      let result: unknown;
      try {
        // biome-ignore lint/complexity/noArguments: see above.
        result = apply(original, this, arguments);
      } catch (error) {
        calls.failed(start, error);
        throw error;
      }
      if (mayBeLater(result) && result !== this) returned.time(result, start);
      else calls.succeeded(start);
      return result;
    },
  }.method;
}

/**
 * For `function` expressions: called with `new` they construct, as they did, and nothing is counted.
 * @param call what stands in where they are called
 */
export function constructibleVariant(original: AnyFunction, call: AnyFunction): AnyFunction {
  return function wrapper(this: unknown): unknown {
    if (new.target !== undefined) {
      // biome-ignore lint/complexity/noArguments: see above.
      return construct(original, arguments, new.target === wrapper ? original : new.target);
    }
    // biome-ignore lint/complexity/noArguments: see above.
    return apply(call, this, arguments);
  };
}
