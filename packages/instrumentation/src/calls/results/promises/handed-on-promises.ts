/**
 * Our promises that are returned again, by a method that returns the promise of another measured method. Such calls end with the promise. No second
 * listener is needed, and unhandled rejections are reported as usual.
 */
import { Settlement, settlements } from './settlement.js';

/** The code that settles a promise of ours. */
export interface Settler {
  /** Undefined until a method returns the promise again. */
  handedOn: Settlement | undefined;
}

// The newest promise, while it is pending. A promise that a method returns again is nearly always the newest one, so other promises need no mark.
let newest: Promise<unknown> | undefined;
let newestSettler: Settler | undefined;

/** Stores a new promise of ours. */
export function rememberNewest(promise: Promise<unknown>, settler: Settler): void {
  newest = promise;
  newestSettler = settler;
}

/** Detaches the settlement from a promise that is about to settle, so that its settler can be reused. */
export function takeHandedOn(settler: Settler): Settlement | undefined {
  if (settler === newestSettler) {
    newest = undefined;
    newestSettler = undefined;
  }
  const { handedOn } = settler;
  if (handedOn !== undefined) settler.handedOn = undefined;
  return handedOn;
}

/**
 * Returns how a returned value settles, if it is our newest promise.
 *
 * This is one comparison, and done first, because determining the kind of a value takes longer than recording the call.
 */
export function newestHandedOn(value: object): Settlement | undefined {
  if (value !== newest || newestSettler === undefined) return undefined;
  newestSettler.handedOn ??= markedAsOurs(newest);
  return newestSettler.handedOn;
}

function markedAsOurs(promise: Promise<unknown>): Settlement {
  const settlement = new Settlement();
  settlements.put(promise, settlement);
  return settlement;
}
