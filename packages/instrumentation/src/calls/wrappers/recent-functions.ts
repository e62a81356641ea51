/** Some of the functions that the instances of a class have in own properties, without keeping them or their instances alive. */
import type { AnyFunction } from '../functions/method-kind.js';

// Functions of one method nearly always come from one place in the source, so a few are enough to find it.
const KEPT = 16;

let watchers = 0;

/** Remembers every new function, not just a few, until the returned function is called: while a profile is taken, each may be a part of it. */
export function watchNewFunctions(): () => void {
  watchers += 1;
  let isWatching = true;
  return () => {
    if (isWatching) watchers -= 1;
    isWatching = false;
  };
}

/** The functions of one method. */
export class RecentFunctions {
  readonly #functions: WeakRef<AnyFunction>[] = [];
  #count = 0;
  #next = 0;

  add(original: AnyFunction): void {
    this.#count += 1;
    // A weak reference keeps its function alive until the current job ends, so a loop that creates a million instances must not create a million.
    const isPowerOfTwo = (this.#count & (this.#count - 1)) === 0;
    if (this.#count > KEPT && !isPowerOfTwo && watchers === 0) return;
    this.#functions[this.#next] = new WeakRef(original);
    this.#next = (this.#next + 1) % KEPT;
  }

  alive(): AnyFunction[] {
    return this.#functions.flatMap((reference) => reference.deref() ?? []);
  }
}
