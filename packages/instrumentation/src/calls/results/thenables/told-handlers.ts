/** Wraps the caller's handlers, so that we are notified before they run. */
import { AsyncResource } from 'node:async_hooks';
import type { AnyFunction } from '../../functions/method-kind.js';
import type { PendingCalls } from '../pending-calls.js';
import type { Way } from './thenable-kind.js';

const { apply } = Reflect;

/** Returns the arguments for `then`. Missing handlers are replaced by ones that pass the value or error through. */
export function tellingHandlers([onFulfilled, onRejected, ...rest]: readonly unknown[], pending: PendingCalls): unknown[] {
  return [
    telling(typeof onFulfilled === 'function' ? ofCaller(onFulfilled, pending) : passOn, (value) => pending.succeeded(value)),
    telling(typeof onRejected === 'function' ? ofCaller(onRejected, pending) : throwOn, (reason) => pending.failed(reason)),
    ...rest,
  ];
}

/** Returns the arguments for another method. For `catch`, the last one is the handler, after classes of errors that some libraries accept. */
export function tellingOf(way: Way, values: readonly unknown[], pending: PendingCalls): readonly unknown[] {
  const given = values.at(-1);
  if (typeof given !== 'function') return values;
  const handler = ofCaller(given as AnyFunction, pending);
  if (way === 'catch') return [...values.slice(0, -1), telling(handler, (reason) => pending.failed(reason))];
  // The call ends before the returned promise, which waits for the handler.
  if (way === 'finally') return [...values.slice(0, -1), telling(handler, () => pending.stopClock())];
  return handler === given ? values : [...values.slice(0, -1), handler];
}

/** Lets the handler run in the context of the caller, where the thenable is run in that of its call. */
function ofCaller(handler: unknown, pending: PendingCalls): AnyFunction {
  return pending.entered === undefined ? (handler as AnyFunction) : AsyncResource.bind(handler as (...values: unknown[]) => unknown);
}

/** Wraps a handler. It passes on `this` and all arguments, because some thenables pass several. */
function telling(handler: AnyFunction, tell: (value: unknown) => void): AnyFunction {
  return function told(this: unknown, ...values: unknown[]): unknown {
    tell(values[0]);
    return apply(handler, this, values);
  };
}

function passOn(value: unknown): unknown {
  return value;
}

function throwOn(reason: unknown): never {
  throw reason;
}
