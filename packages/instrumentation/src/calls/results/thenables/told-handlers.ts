/** The caller's handlers, each telling us before it runs. */
import type { AnyFunction } from '../../functions/method-kind.js';
import type { PendingCalls } from '../pending-calls.js';
import type { Way } from './thenable-kind.js';

const { apply } = Reflect;

/** What `then` is given. Where a handler is missing, what would have been passed through is passed through. */
export function tellingHandlers([onFulfilled, onRejected, ...rest]: readonly unknown[], pending: PendingCalls): unknown[] {
  return [
    telling(typeof onFulfilled === 'function' ? onFulfilled : passOn, (value) => pending.succeeded(value)),
    telling(typeof onRejected === 'function' ? onRejected : throwOn, (reason) => pending.failed(reason)),
    ...rest,
  ];
}

/** What another way in is given: of `catch` the last, after the classes of errors that some take before it; of `finally` the only one. */
export function tellingOf(way: Way, values: readonly unknown[], pending: PendingCalls): readonly unknown[] {
  const handler = values.at(-1);
  if (typeof handler !== 'function') return values;
  if (way === 'catch') return [...values.slice(0, -1), telling(handler, (reason) => pending.failed(reason))];
  // The promise that it returns waits for what the handler does; the call is over before.
  if (way === 'finally') return [...values.slice(0, -1), telling(handler, () => pending.stopClock())];
  return values;
}

/** A handler with `this` and all arguments, of which some thenables give several. */
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
