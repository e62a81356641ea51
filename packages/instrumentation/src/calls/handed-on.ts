/**
 * Our promises that are returned again: by a method that hands on what another measured one gave it, or that keeps one and returns it many times.
 * Such calls end with the promise, and their callers get that very promise: nothing is derived from it a second time.
 */
import type { CallRecorder } from './call-recorder.js';
import { hiddenMark } from './hidden-mark.js';

/** Whatever settles a promise of ours. */
export interface Settler {
  /** Undefined while nobody has handed the promise on. */
  handedOn: HandedOn | undefined;
}

interface Follower {
  readonly calls: CallRecorder;
  readonly start: number;
}

/** A promise of ours, and the calls that end with it. */
export class HandedOn {
  #followers: Follower[] = [];
  #outcome: 'pending' | 'fulfilled' | 'rejected' = 'pending';
  #reason: unknown;

  constructor(readonly promise: Promise<unknown>) {
    marks.put(promise, this);
  }

  /** A call that began at `start` has returned the promise; where that is settled already, the call is over. */
  follow(calls: CallRecorder, start: number): void {
    if (this.#outcome === 'pending') this.#followers.push({ calls, start });
    else this.#end({ calls, start });
  }

  fulfilled(): void {
    this.#settle('fulfilled');
  }

  rejected(reason: unknown): void {
    this.#reason = reason;
    this.#settle('rejected');
  }

  #settle(outcome: 'fulfilled' | 'rejected'): void {
    this.#outcome = outcome;
    for (const follower of this.#followers) this.#end(follower);
    this.#followers = [];
  }

  #end({ calls, start }: Follower): void {
    if (this.#outcome === 'fulfilled') calls.succeeded(start);
    else calls.failed(start, this.#reason);
  }
}

const marks = hiddenMark<HandedOn>();

// The promise that was made last, while it is pending. What a method hands on it has just been given: this is nearly always it, and promises that
// nobody hands on need no mark.
let newest: Promise<unknown> | undefined;
let newestSettler: Settler | undefined;

/** A promise of ours was made. */
export function rememberNewest(promise: Promise<unknown>, settler: Settler): void {
  newest = promise;
  newestSettler = settler;
}

/** A promise of ours is about to settle: what hangs on it is taken off, for the settler to be used again. */
export function takeHandedOn(settler: Settler): HandedOn | undefined {
  if (settler === newestSettler) {
    newest = undefined;
    newestSettler = undefined;
  }
  const { handedOn } = settler;
  if (handedOn !== undefined) settler.handedOn = undefined;
  return handedOn;
}

/** What is known of a promise that a method returned; undefined where it is none of ours, or has not been handed on and is not the newest. */
export function handedOnOf(promise: object): HandedOn | undefined {
  if (promise !== newest || newestSettler === undefined) return marks.of(promise);
  newestSettler.handedOn ??= new HandedOn(newest);
  return newestSettler.handedOn;
}

/** Promises that are not ours lead to the one of ours that was derived from them: a method may return one many times, as caches do. */
export function leadTo(promise: object, handedOn: HandedOn): void {
  marks.put(promise, handedOn);
}
