/**
 * Native promises that a method returned and did not make as an async function does. The caller gets the very promise, and we listen beside the caller.
 *
 * To listen marks a promise as handled, so that the process would no longer hear of its rejection. Where it is to hear of it, ours rejects in its
 * place, unless somebody else has listened: which is known because everything that does, `await` included, first reads the promise's `constructor`. That
 * getter is on a prototype of ours that the promise has meanwhile. An own property would slow down every promise of the process: V8 then looks
 * for `constructor` on all of them.
 */
import { types } from 'node:util';
import { listen } from './intrinsic-then.js';
import { Settlement, settlements } from './settlement.js';

const { getPrototypeOf, hasOwn } = Object;
const { setPrototypeOf } = Reflect;
const PromisePrototype: object = Promise.prototype;

/** The prototype of promises that nobody has listened to yet. */
const lookout: object = Object.create(PromisePrototype, {
  constructor: {
    get(this: object): unknown {
      const settlement = typeof this === 'object' ? settlements.of(this) : undefined;
      if (settlement instanceof WatchedPromise) settlement.noticed();
      return Reflect.get(PromisePrototype, 'constructor', this);
    },
    set(this: object, value: unknown): void {
      Reflect.defineProperty(this, 'constructor', { value, writable: true, enumerable: true, configurable: true });
    },
    configurable: false,
    enumerable: false,
  },
});

class WatchedPromise extends Settlement {
  private keeps = false;
  /** Whether anybody but us has listened to it, as far as it was looked out for. */
  private hasListener = false;
  /** Rejects where the process is to hear of it. */
  private readonly ours: Promise<unknown>;

  constructor(private readonly promise: object) {
    super();
    this.ours = listen(
      promise,
      () => {
        this.fulfilled();
        if (this.keeps) this.withdraw();
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
    this.keeps = setPrototypeOf(this.promise, lookout);
  }

  /** Somebody listens to the promise, or is about to. */
  noticed(): void {
    this.withdraw();
    if (this.hasListener) return;
    this.hasListener = true;
    // The process learns that the rejection is handled after all.
    if (this.outcome === 'rejected') listen(this.ours, ignore, ignore);
  }

  private withdraw(): void {
    if (getPrototypeOf(this.promise) === lookout) setPrototypeOf(this.promise, PromisePrototype);
  }
}

function ignore(): void {}

/** Whether a value is a promise that `await` takes as it is, without asking its `then`. */
export function isNativePromise(value: object, prototype: unknown): boolean {
  return (prototype === PromisePrototype || prototype === lookout) && types.isPromise(value) && !hasOwn(value, 'constructor');
}

/**
 * How a native promise settles that a method returned.
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
