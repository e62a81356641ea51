/** Decides whether a call ends when it returns or later. */
import { types } from 'node:util';
import type { Unhandled } from '../../metadata/unhandled.js';
import type { CallRecorder } from '../recording/call-recorder.js';
import { newestHandedOn } from './promises/handed-on-promises.js';
import { isNativePromise, settlementOf } from './promises/returned-promises.js';
import { timeThenable } from './thenables/returned-thenables.js';
import { findMethod, settlesAsNative } from './thenables/thenable-kind.js';
import { watchThenable } from './thenables/watched-thenable.js';

/** Whether a call may continue after it has returned; false for values that can't be a promise. */
export function mayBeLater(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

export interface ReturnedValuesOptions {
  readonly unhandled: Unhandled;
  /** Called once when a method has returned a proxy. */
  readonly proxyReturned: () => void;
}

/** Handles the returned values of one method. The caller always gets the same value. */
export class ReturnedValues {
  readonly #calls: CallRecorder;
  readonly #keeps: boolean;
  /** Undefined after the first proxy was reported. */
  #proxyReturned: (() => void) | undefined;

  constructor(calls: CallRecorder, { unhandled, proxyReturned }: ReturnedValuesOptions) {
    this.#calls = calls;
    this.#keeps = unhandled === 'keep';
    this.#proxyReturned = proxyReturned;
  }

  /** Records a call that returned an object: immediately, or when the returned object ends. */
  time(value: object, start: number): void {
    const settlement = newestHandedOn(value);
    // A proxy would notice even a look-up.
    if (settlement === undefined && !types.isProxy(value)) this.#timeOther(value, start);
    else if (settlement === undefined) this.#timeProxy(value, start);
    else settlement.follow(this.#calls, start);
  }

  #timeProxy(value: object, start: number): void {
    this.#calls.succeeded(start, value);
    this.#proxyReturned?.();
    this.#proxyReturned = undefined;
  }

  #timeOther(value: object, start: number): void {
    const calls = this.#calls;
    const prototype: unknown = Object.getPrototypeOf(value);
    if (isNativePromise(value, prototype)) {
      settlementOf(value, this.#keeps).follow(calls, start);
      return;
    }
    const then = findMethod(value, prototype, 'then');
    if (then === undefined) calls.succeeded(start, value);
    else if (settlesAsNative(value, then)) settlementOf(value, this.#keeps).follow(calls, start);
    else timeThenable(watchThenable(value, then), { calls, start }, this.#keeps);
  }
}
