/** The values of the last minutes, in a ring of distributions for the parts of the window. */
import type { Clock } from './clock.js';
import { Distribution, type DistributionSnapshot } from './distribution.js';

/** How long values are kept, and in how many steps they are dropped. */
export interface WindowShape {
  /** In seconds; infinite if values are never dropped. */
  readonly maxAgeSeconds: number;
  readonly ageBuckets: number;
}

/** A part of the window as plain JSON; null if it had no value. */
export type WindowPart = DistributionSnapshot | null;

const NO_BOUNDS: readonly number[] = Object.freeze([]);

/**
 * Keeps each value for at most `maxAgeSeconds`, and at least for `maxAgeSeconds` minus one part.
 *
 * A value is written once, into the newest part. Readers of the window merge the parts.
 */
export class SlidingWindow {
  readonly #clock: Clock;
  readonly #partNanoseconds: bigint | undefined;
  #parts: (Distribution | undefined)[];
  #newest = 0;
  #newestEnds = 0n;

  constructor(clock: Clock, { maxAgeSeconds, ageBuckets }: WindowShape) {
    this.#clock = clock;
    this.#parts = Array.from({ length: ageBuckets }, () => undefined);
    if (!Number.isFinite(maxAgeSeconds)) return;
    this.#partNanoseconds = BigInt(Math.max(1, Math.round((maxAgeSeconds * 1e9) / ageBuckets)));
    this.#newestEnds = clock() + this.#partNanoseconds;
  }

  /**
   * Adds a value. Costs one clock read and a `Distribution.record`.
   * @param value finite and not negative; not checked here
   */
  record(value: number): void {
    this.#turn();
    this.#part(this.#newest).record(value);
  }

  /** Returns all values of the window as one distribution. */
  distribution(): Distribution {
    this.#turn();
    const all = new Distribution(NO_BOUNDS);
    for (const part of this.#parts) if (part !== undefined) all.merge(part);
    return all;
  }

  /** Returns the parts as plain JSON, the newest first. */
  snapshot(): WindowPart[] {
    this.#turn();
    return this.#parts.map((_, age) => this.#parts[this.#position(age)]?.snapshot() ?? null);
  }

  /** @internal Returns the parts, the newest first; undefined for those without values. */
  parts(): readonly (Distribution | undefined)[] {
    this.#turn();
    return this.#parts.map((_, age) => this.#parts[this.#position(age)]);
  }

  /** Adds the parts of another window of the same shape, age by age. */
  merge(parts: readonly WindowPart[]): void {
    this.#turn();
    for (const [age, part] of parts.slice(0, this.#parts.length).entries()) {
      if (part !== null) this.#part(this.#position(age)).merge(part);
    }
  }

  reset(): void {
    this.#parts = this.#parts.map(() => undefined);
  }

  #part(position: number): Distribution {
    let part = this.#parts[position];
    if (part === undefined) {
      part = new Distribution(NO_BOUNDS);
      this.#parts[position] = part;
    }
    return part;
  }

  #position(age: number): number {
    return (this.#newest - age + this.#parts.length) % this.#parts.length;
  }

  /** Drops the parts that are too old. */
  #turn(): void {
    if (this.#partNanoseconds === undefined) return;
    const now = this.#clock();
    if (now < this.#newestEnds) return;
    const steps = (now - this.#newestEnds) / this.#partNanoseconds + 1n;
    this.#newestEnds += steps * this.#partNanoseconds;
    const forgotten = steps < this.#parts.length ? Number(steps) : this.#parts.length;
    for (let step = 0; step < forgotten; step += 1) {
      this.#newest = (this.#newest + 1) % this.#parts.length;
      this.#parts[this.#newest] = undefined;
    }
  }
}
