/** What a returned value means: over now, or over later. */
import { types } from 'node:util';
import type { Unhandled } from '../../metadata/unhandled.js';
import type { CallRecorder } from '../recording/call-recorder.js';
import { newestHandedOn } from './promises/handed-on-promises.js';
import { isNativePromise, settlementOf } from './promises/returned-promises.js';
import { timeThenable } from './thenables/returned-thenables.js';
import { findMethod, settlesAsNative } from './thenables/thenable-kind.js';
import { watchThenable } from './thenables/watched-thenable.js';

/** Whether a call may go on after it returned; false for everything that can't be a promise. */
export function mayBeLater(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}

export interface ReturnedValuesOptions {
  readonly unhandled: Unhandled;
  /** Told once that a method returned a proxy. */
  readonly proxyReturned: () => void;
}

/** What the calls of one method return. The caller always gets the very value. */
export class ReturnedValues {
  readonly #calls: CallRecorder;
  readonly #keeps: boolean;
  /** Undefined once the first proxy was told of. */
  #proxyReturned: (() => void) | undefined;

  constructor(calls: CallRecorder, { unhandled, proxyReturned }: ReturnedValuesOptions) {
    this.#calls = calls;
    this.#keeps = unhandled === 'keep';
    this.#proxyReturned = proxyReturned;
  }

  /** Records a call that returned an object: at once, or when what it returned is over. */
  time(value: object, start: number): void {
    const settlement = newestHandedOn(value);
    // A proxy would notice even being looked at.
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
