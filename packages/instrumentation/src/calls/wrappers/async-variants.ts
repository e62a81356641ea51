/** The wrappers of async methods. */

import { nanoseconds } from '@tsukimi/metrics';
import type { AnyFunction } from '../functions/method-kind.js';
import type { CallRecorder } from '../recording/call-recorder.js';
import { PromiseTimer } from '../results/promises/async-method-promises.js';

const { apply } = Reflect;

/** An async function always returns a new native promise, which no other code has, so the promise needs no checks. */
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
        // An async function only throws if the stack has no room left to enter it.
        if (threw) calls.failedUnseen(start);
      }
      return timer.time(promise, start);
    },
  }.method;
}

/** Like `asyncVariant`, but an async function itself, for `util.types.isAsyncFunction` and `util.inspect`. About 10 % slower. */
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
