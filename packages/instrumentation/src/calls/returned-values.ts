/** What a returned value means: over now, or over later. */
import { types } from 'node:util';
import type { CallRecorder } from './call-recorder.js';
import { newestHandedOn } from './handed-on.js';
import { timeSharedPromise } from './returned-promises.js';
import { findThen, timeThenable } from './returned-thenables.js';

/** Whether a call may go on after it returned; false for everything that can't be a promise. */
export function mayBeLater(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

/** Records a call that returned an object: at once, or when what it returned is over. Returns what the caller gets. */
export function timeLater(value: object, calls: CallRecorder, start: number): unknown {
  const ours = newestHandedOn(value);
  if (ours !== undefined) {
    ours.follow(calls, start);
    return value;
  }
  // A proxy would notice even being looked at.
  if (types.isProxy(value)) return over(value, calls, start);
  const prototype: unknown = Object.getPrototypeOf(value);
  // A promise with a `then` of its own, or with another's constructor, is a thenable that somebody built on one.
  if (prototype === Promise.prototype && types.isPromise(value) && !Object.hasOwn(value, 'then') && !Object.hasOwn(value, 'constructor'))
    return timeSharedPromise(value, calls, start);
  const then = findThen(value, prototype);
  return then === undefined ? over(value, calls, start) : timeThenable(value, { then, calls, start });
}

function over(value: object, calls: CallRecorder, start: number): object {
  calls.succeeded(start);
  return value;
}
