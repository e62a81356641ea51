/** The state of one watched thenable, which several methods may return several times. */
import { types } from 'node:util';
import { hiddenMarkOfAny } from '../../../hidden-mark.js';
import { PendingCalls } from '../pending-calls.js';
import { type Found, isEager } from './thenable-kind.js';

/** The value for the finalization callback. It must not reference the thenable. */
interface Round {
  pending: PendingCalls;
}

const collected = new FinalizationRegistry<Round>(({ pending }) => pending.letGo());
const watches = hiddenMarkOfAny<WatchedThenable>();

/** A thenable, and the calls that have returned it since its result was last requested. */
export class WatchedThenable {
  /** Whether its work begins when its result is requested. */
  readonly isLazy: boolean;
  /** Whether the process should report unhandled rejections of promises that the thenable returns. */
  keeps = false;
  /** Removes the replaced methods from the thenable; undefined if there are none. */
  putBack: (() => void) | undefined;
  readonly #round: Round = { pending: new PendingCalls() };

  constructor(
    readonly value: object,
    then: Found,
  ) {
    this.isLazy = !isEager(value, then);
    // Registered once, because a thenable has only one watch.
    collected.register(value, this.#round);
  }

  /** The calls that wait until the result is requested. */
  get pending(): PendingCalls {
    return this.#round.pending;
  }

  /** Takes the pending calls, and restores the thenable's methods. */
  take(): PendingCalls {
    const { pending } = this.#round;
    this.#round.pending = new PendingCalls();
    this.putBack?.();
    this.putBack = undefined;
    this.keeps = false;
    return pending;
  }
}

/** Returns the watch of a thenable, and creates it when the thenable is returned for the first time. */
export function watchThenable(value: object, then: Found): WatchedThenable {
  const known = watches.of(value);
  if (known !== undefined) return known;
  const watch = new WatchedThenable(value, then);
  watches.put(value, watch);
  return watch;
}

/** Returns the watch of a thenable, or of the one that an object inherits from. */
export function watchOf(self: unknown): WatchedThenable | undefined {
  for (let object = self; ((typeof object === 'object' && object !== null) || typeof object === 'function') && !types.isProxy(object); ) {
    const watch = watches.of(object);
    if (watch !== undefined) return watch;
    object = Object.getPrototypeOf(object);
  }
  return undefined;
}
