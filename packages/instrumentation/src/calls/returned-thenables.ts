/** Thenables that are not native promises, such as query builders: never run by us, timed from when their caller calls `then`. */
import { types } from 'node:util';
import type { CallRecorder } from './call-recorder.js';
import { copyIdentity } from './identity.js';
import type { AnyFunction } from './method-kind.js';
import { countWhenLetGo, UnfinishedCall } from './unfinished.js';

const { apply } = Reflect;

/** The value's `then` method, own or inherited; undefined where there is none or only a getter, which is not ours to read. */
export function findThen(value: object, prototype: unknown): AnyFunction | undefined {
  let holder: object | null = value;
  let next: unknown = prototype;
  while (holder !== null && holder !== Object.prototype && holder !== Array.prototype) {
    if (Object.hasOwn(holder, 'then')) {
      const then: unknown = Object.getOwnPropertyDescriptor(holder, 'then')?.value;
      return typeof then === 'function' ? then : undefined;
    }
    holder = next as object | null;
    if (holder === null || types.isProxy(holder)) return undefined;
    next = Object.getPrototypeOf(holder);
  }
  return undefined;
}

interface ThenableCall {
  readonly then: AnyFunction;
  readonly calls: CallRecorder;
  readonly start: number;
}

/** Stands in for the value's `then` until it is called the first time; the value itself is what the caller gets. */
export function timeThenable(value: object, { then, calls, start }: ThenableCall): object {
  const own = Object.getOwnPropertyDescriptor(value, 'then');
  const call = new UnfinishedCall(calls, start);
  const standIn = {
    listen(this: unknown, onFulfilled?: unknown, onRejected?: unknown, ...rest: unknown[]): unknown {
      restore(value, standIn, own);
      call.begin();
      return runThen(calls.noting(then), this, [...settlingHandlers(call, onFulfilled, onRejected), ...rest], call);
    },
  }.listen;
  copyIdentity(then, standIn);
  const placed = Reflect.defineProperty(value, 'then', {
    value: standIn,
    writable: true,
    configurable: true,
    enumerable: own?.enumerable ?? false,
  });
  // A frozen value can't be listened to; its call is over.
  if (placed) countWhenLetGo(value, call);
  else call.succeeded();
  return value;
}

/** Puts things back as they were, unless somebody has replaced our stand-in with a `then` of theirs. */
function restore(value: object, standIn: AnyFunction, own: PropertyDescriptor | undefined): void {
  if (Object.getOwnPropertyDescriptor(value, 'then')?.value !== standIn) return;
  if (own === undefined) Reflect.deleteProperty(value, 'then');
  else Reflect.defineProperty(value, 'then', own);
}

function runThen(then: AnyFunction, self: unknown, handlers: unknown[], call: UnfinishedCall): unknown {
  let threw = true;
  try {
    const result: unknown = apply(then, self, handlers);
    threw = false;
    return result;
  } finally {
    if (threw) call.failed();
  }
}

/** The caller's handlers, each telling us first. Where there is none, what would have been passed through is passed through. */
function settlingHandlers(call: UnfinishedCall, onFulfilled: unknown, onRejected: unknown): [unknown, unknown] {
  return [
    settling(onFulfilled, {
      tell: () => call.succeeded(),
      pass: (value) => value,
    }),
    settling(onRejected, {
      tell: (reason) => call.failed(reason),
      pass: (reason) => {
        throw reason;
      },
    }),
  ];
}

/** A handler with `this` and all arguments, of which some thenables give several. */
function settling(handler: unknown, { tell, pass }: { tell(value: unknown): void; pass(value: unknown): unknown }): unknown {
  return function settled(this: unknown, value: unknown, ...rest: unknown[]): unknown {
    tell(value);
    return typeof handler === 'function' ? apply(handler, this, [value, ...rest]) : pass(value);
  };
}
