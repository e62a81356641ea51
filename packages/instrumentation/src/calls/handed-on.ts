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

/** A call that has returned a promise of ours; in a list, which is lighter than an array of one or two. */
interface Follower {
  readonly calls: CallRecorder;
  readonly start: number;
  next: Follower | undefined;
}

/** A promise of ours, and the calls that end with it. */
export class HandedOn {
  #outcome: 'pending' | 'fulfilled' | 'rejected' = 'pending';
  #reason: unknown;
  #first: Follower | undefined;
  #last: Follower | undefined;

  constructor(readonly promise: Promise<unknown>) {
    marks.put(promise, this);
  }

  /** A call that began at `start` has returned the promise; where that is settled already, the call is over. */
  follow(calls: CallRecorder, start: number): void {
    if (this.#outcome === 'fulfilled') calls.succeeded(start);
    else if (this.#outcome === 'rejected') calls.failed(start, this.#reason);
    else this.add({ calls, start, next: undefined });
  }

  fulfilled(): void {
    this.#outcome = 'fulfilled';
    for (let each = this.takeFollowers(); each !== undefined; each = each.next) each.calls.succeeded(each.start);
  }

  rejected(reason: unknown): void {
    this.#outcome = 'rejected';
    this.#reason = reason;
    for (let each = this.takeFollowers(); each !== undefined; each = each.next) each.calls.failed(each.start, reason);
  }

  // Not `#`: calls of private methods are checked each time.
  private add(follower: Follower): void {
    if (this.#last === undefined) this.#first = follower;
    else this.#last.next = follower;
    this.#last = follower;
  }

  private takeFollowers(): Follower | undefined {
    const first = this.#first;
    this.#first = undefined;
    this.#last = undefined;
    return first;
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

/**
 * What is known of a value that a method returned, if it is the promise of ours that was made last.
 *
 * A comparison, and looked at before anything else: to find out what a value is takes longer than to record the call.
 */
export function newestHandedOn(value: object): HandedOn | undefined {
  if (value !== newest || newestSettler === undefined) return undefined;
  newestSettler.handedOn ??= new HandedOn(newest);
  return newestSettler.handedOn;
}

/** What is known of any other promise that a method returned; undefined where it has not been handed on before. */
export function handedOnOf(promise: object): HandedOn | undefined {
  return marks.of(promise);
}

/** Promises that are not ours lead to the one of ours that was derived from them: a method may return one many times, as caches do. */
export function leadTo(promise: object, handedOn: HandedOn): void {
  marks.put(promise, handedOn);
}
