/**
 * Thenables that are not native promises, such as query builders. We never run them. The pending calls end together, with the first method by which a
 * caller requests the result.
 */

import { types } from 'node:util';
import { nanoseconds } from '@tsukimi/metrics';
import type { PendingCalls, ReturnedCall } from '../pending-calls.js';
import { isNativePromise, settlementOf } from '../promises/returned-promises.js';
import { findMethod, settlesAsNative } from './thenable-kind.js';
import { tellingHandlers, tellingOf } from './told-handlers.js';
import { type WatchedThenable, watchOf, watchThenable } from './watched-thenable.js';
import { StandIns, type WayTaken } from './way-stand-ins.js';

const { apply } = Reflect;
const standIns = new StandIns(takeWay);

/** Adds a call that returned a thenable, and watches the thenable. */
export function timeThenable(watch: WatchedThenable, { calls, start }: Pick<ReturnedCall, 'calls' | 'start'>, keeps: boolean): void {
  watch.pending.add({ calls, start, took: nanoseconds(calls.clock()) - start, isLazy: watch.isLazy });
  place(watch, keeps);
}

function place(watch: WatchedThenable, keeps: boolean): void {
  watch.keeps ||= keeps;
  watch.putBack ??= standIns.place(watch.value);
  // A frozen thenable can't be watched, so its calls end.
  if (watch.putBack === undefined) watch.take().letGo();
}

function takeWay(taken: WayTaken): unknown {
  const { way, owner, self, values, original } = taken;
  const watch = watchOf(owner ?? self);
  if (watch !== undefined) {
    if (way === 'then') return runThen(watch, taken);
    return way === 'pipe' ? runPipe(watch, taken) : runOther(watch, taken);
  }
  // Another object has the prototype of a watched one.
  if (typeof self === 'object' && self !== null) standIns.unshadow(self);
  return apply(original, self, values);
}

/** For `then`, the handlers that it calls show the outcome; its result is not examined. */
function runThen(watch: WatchedThenable, { self, values, original }: WayTaken): unknown {
  const pending = watch.take();
  pending.begin();
  const handlers = tellingHandlers(values, pending);
  return calling(() => apply(original, self, handlers), pending);
}

/** `pipe` listens to the promise of a child process itself, so our listener changes nothing. */
function runPipe(watch: WatchedThenable, { self, values, original }: WayTaken): unknown {
  const pending = watch.take();
  const then = findMethod(watch.value, null, 'then')?.method;
  let hasPiped = false;
  try {
    const result: unknown = apply(original, self, values);
    hasPiped = true;
    return result;
  } finally {
    if (then === undefined || !hasPiped) pending.letGo();
    else apply(then, watch.value, [(value: unknown) => pending.succeeded(value), (reason: unknown) => pending.failed(reason)]);
  }
}

/** For any other method, the returned value shows the outcome, unless the method itself calls another one. */
function runOther(watch: WatchedThenable, { way, self, values, original }: WayTaken): unknown {
  const { pending, keeps } = watch;
  pending.begin();
  const given = tellingOf(way, values, pending);
  const result = calling(
    () => apply(original, self, given),
    pending,
    () => {
      if (watch.pending === pending) watch.take();
    },
  );
  // A method that returns the thenable itself has only started it.
  if (watch.pending !== pending || result === self || result === watch.value) return result;
  watch.take();
  endWith(result, pending, keeps);
  return result;
}

/** Calls a method that requests the result. If it throws, the calls have failed. The error is only caught if an observer needs it. */
function calling(request: () => unknown, pending: PendingCalls, onThrow: () => void = () => {}): unknown {
  const { entered } = pending;
  const take = entered === undefined ? request : () => entered.enter(request);
  if (pending.wantsThrown) {
    try {
      return take();
    } catch (error) {
      onThrow();
      pending.failed(error);
      throw error;
    }
  }
  let threw = true;
  try {
    const result = take();
    threw = false;
    return result;
  } finally {
    if (threw) {
      onThrow();
      pending.failedUnseen();
    }
  }
}

/** Ends the calls when the value that one of the methods returned ends. */
function endWith(value: unknown, pending: PendingCalls, keeps: boolean): void {
  if (!isObject(value) || types.isProxy(value)) {
    pending.succeeded(value);
    return;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  const then = isNativePromise(value, prototype) ? undefined : findMethod(value, prototype, 'then');
  if (then === undefined && !isNativePromise(value, prototype)) {
    pending.succeeded(value);
  } else if (then === undefined || settlesAsNative(value, then)) {
    settlementOf(value, keeps).join(pending);
  } else {
    const watch = watchThenable(value, then);
    watch.pending.join(pending);
    place(watch, keeps);
  }
}

function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
