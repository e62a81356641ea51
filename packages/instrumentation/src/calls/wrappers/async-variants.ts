/** The functions that stand in for async methods. */

import { nanoseconds } from '@tsukimi/metrics';
import type { AnyFunction } from '../functions/method-kind.js';
import type { CallRecorder } from '../recording/call-recorder.js';
import { PromiseTimer } from '../results/promises/async-method-promises.js';

const { apply } = Reflect;

/** An async function always makes a new native promise, which nobody else has: it needs no looking at. */
export function asyncVariant(original: AnyFunction, calls: CallRecorder): AnyFunction {
  const { begins } = calls;
  const timer = new PromiseTimer(calls);
  return {
    method(this: unknown): unknown {
      const start = nanoseconds(begins());
      let threw = true;
      let promise: object;
      try {
        // biome-ignore lint/complexity/noArguments: rest parameters would cost an array for each call.
        promise = apply(original, this, arguments);
        threw = false;
      } finally {
        // Only where the stack has no room left to enter it.
        if (threw) calls.failedUnseen(start);
      }
      return timer.time(promise, start);
    },
  }.method;
}

/** The same as an async function itself, for `util.types.isAsyncFunction` and `util.inspect`; some 10 % dearer. */
export function asyncFunctionVariant(original: AnyFunction, calls: CallRecorder): AnyFunction {
  const { begins } = calls;
  return {
    async method(this: unknown): Promise<unknown> {
      const start = nanoseconds(begins());
      let value: unknown;
      try {
        // biome-ignore lint/complexity/noArguments: as above.
        value = await apply(original, this, arguments);
      } catch (reason) {
        calls.failed(start, reason);
        throw reason;
      }
      calls.succeeded(start, value);
      return value;
    },
  }.method;
}
