/**
 * Promises that non-async methods return. The caller gets the same promise, and we add our own listener.
 *
 * A listener marks a promise as handled, so that the process would not report an unhandled rejection. To keep that report, a promise of ours rejects
 * instead, unless other code has listened, which a lookout detects.
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
  /** Whether other code has listened to the promise while it was watched. */
  private hasListener = false;
  /** Our promise, which rejects if the process should report the rejection. */
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
    // A frozen promise can't be watched.
    this.keeps = lookouts.place(this.promise);
  }

  /** Called when other code listens to the promise, or is about to. */
  noticed(): void {
    lookouts.withdraw(this.promise);
    if (this.hasListener) return;
    this.hasListener = true;
    // Tell the process that the rejection is handled after all.
    if (this.outcome === 'rejected') listen(this.ours, ignore, ignore);
  }
}

function ignore(): void {}

/** Whether a value is a promise that `await` uses directly, without calling its `then`. */
export function isNativePromise(value: object, prototype: unknown): boolean {
  return lookouts.isUsual(prototype) && types.isPromise(value) && !hasOwn(value, 'constructor');
}

/**
 * Returns how a promise that a method returned settles.
 * @param keeps whether the process should report a rejection that no other code handles
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
