/**
 * Our promises that are returned again, by a method that hands on what another measured one gave it. Such calls end with the promise: nobody has to
 * listen to it a second time, and the process hears of its rejection as it would.
 */
import { Settlement, settlements } from './settlement.js';

/** Whatever settles a promise of ours. */
export interface Settler {
  /** Undefined while nobody has handed the promise on. */
  handedOn: Settlement | undefined;
}

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
 * How a value that a method returned settles, if it is the promise of ours that was made last.
 *
 * A comparison, and looked at before anything else: to find out what a value is takes longer than to record the call.
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
