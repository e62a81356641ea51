/**
 * Promises that a method returned and did not make as an async function does. The caller gets the very promise, and we listen beside the caller.
 *
 * To listen marks a promise as handled, so that the process would no longer hear of its rejection. Where it is to hear of it, ours rejects in its
 * place, unless somebody else has listened, which a lookout notices.
 */
import { types } from 'node:util';
import { listen } from './intrinsic-then.js';
import { Lookouts } from './lookouts.js';
import { Settlement, settlements } from './settlement.js';

const { hasOwn } = Object;

const lookouts = new Lookouts((promise) => {
  const settlement = settlements.of(promise);
  if (settlement instanceof WatchedPromise) settlement.noticed();
});

class WatchedPromise extends Settlement {
  private keeps = false;
  /** Whether anybody but us has listened to it, as far as it was looked out for. */
  private hasListener = false;
  /** Rejects where the process is to hear of it. */
  private readonly ours: Promise<unknown>;

  constructor(private readonly promise: object) {
    super();
    this.ours = lookouts.listen(
      promise,
      (value) => {
        this.fulfilled(value);
        if (this.keeps) lookouts.withdraw(promise);
      },
      (reason) => {
        this.rejected(reason);
        if (this.keeps && !this.hasListener) throw reason;
      },
    );
  }

  override keepUnhandled(): void {
    if (this.keeps || this.outcome !== 'pending') return;
    // A frozen promise can't be looked out for.
    this.keeps = lookouts.place(this.promise);
  }

  /** Somebody listens to the promise, or is about to. */
  noticed(): void {
    lookouts.withdraw(this.promise);
    if (this.hasListener) return;
    this.hasListener = true;
    // The process learns that the rejection is handled after all.
    if (this.outcome === 'rejected') listen(this.ours, ignore, ignore);
  }
}

function ignore(): void {}

/** Whether a value is a promise that `await` takes as it is, without asking its `then`. */
export function isNativePromise(value: object, prototype: unknown): boolean {
  return lookouts.isUsual(prototype) && types.isPromise(value) && !hasOwn(value, 'constructor');
}

/**
 * How a promise settles that a method returned.
 * @param keeps whether the process is to hear of its rejection where nobody has listened since
 */
export function settlementOf(promise: object, keeps: boolean): Settlement {
  const settlement = settlements.of(promise) ?? watch(promise);
  if (keeps) settlement.keepUnhandled();
  return settlement;
}

function watch(promise: object): Settlement {
  const watched = new WatchedPromise(promise);
  settlements.put(promise, watched);
  return watched;
}
