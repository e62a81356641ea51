/** What is known of one thenable, however many methods return it however often. */
import { types } from 'node:util';
import { hiddenMarkOfAny } from '../../hidden-mark.js';
import { PendingCalls } from '../pending-calls.js';
import { type Found, isEager } from './thenable-kind.js';

/** What the garbage collector tells of: it must not lead to the thenable. */
interface Round {
  pending: PendingCalls;
}

const collected = new FinalizationRegistry<Round>(({ pending }) => pending.letGo());
const watches = hiddenMarkOfAny<WatchedThenable>();

/** A thenable, and the calls that have returned it since its answer was last asked for. */
export class WatchedThenable {
  /** Whether its work begins when its answer is asked for. */
  readonly isLazy: boolean;
  /** Whether the process is to hear of unhandled rejections of promises that it gives. */
  keeps = false;
  /** Undoes what was placed on it; undefined if nothing is. */
  putBack: (() => void) | undefined;
  readonly #round: Round = { pending: new PendingCalls() };

  constructor(
    readonly value: object,
    then: Found,
  ) {
    this.isLazy = !isEager(value, then);
    // Once: it has one watch, and that one round after the other.
    collected.register(value, this.#round);
  }

  /** The calls that wait for its answer to be asked for. */
  get pending(): PendingCalls {
    return this.#round.pending;
  }

  /** Takes off the calls that are pending, and puts everything back as it was. */
  take(): PendingCalls {
    const { pending } = this.#round;
    this.#round.pending = new PendingCalls();
    this.putBack?.();
    this.putBack = undefined;
    this.keeps = false;
    return pending;
  }
}

/** The watch of a thenable, made when that is returned the first time. */
export function watchThenable(value: object, then: Found): WatchedThenable {
  const known = watches.of(value);
  if (known !== undefined) return known;
  const watch = new WatchedThenable(value, then);
  watches.put(value, watch);
  return watch;
}

/** The watch of a thenable, or of the one that an object inherits from. */
export function watchOf(self: unknown): WatchedThenable | undefined {
  for (let object = self; ((typeof object === 'object' && object !== null) || typeof object === 'function') && !types.isProxy(object); ) {
    const watch = watches.of(object);
    if (watch !== undefined) return watch;
    object = Object.getPrototypeOf(object);
  }
  return undefined;
}
