/** Components whose CPU time and memory are known. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** The milliseconds that each load took by the clock. A machine that is busy otherwise makes them longer, and the samples in them more. */
export type Spent = Record<string, number>;

/** Computes until the clock says stop. */
function spin(ms: number): number {
  const end = performance.now() + ms;
  let sum = 0;
  while (performance.now() < end) for (let count = 0; count < 2000; count += 1) sum += Math.sqrt(sum + count);
  return sum;
}

/** Nothing but the work, and how long it took. */
export function timed(spent: Spent, name: string, ms: number): number {
  const start = performance.now();
  const result = spin(ms);
  spent[name] = (spent[name] ?? 0) + performance.now() - start;
  return result;
}

export class HeavyService {
  constructor(private readonly spent: Spent) {}

  work(ms: number): number {
    return timed(this.spent, 'HeavyService', ms);
  }
}

export class MediumService {
  constructor(private readonly spent: Spent) {}

  /** Half of it before it waits, half of it when it is resumed. */
  async work(ms: number): Promise<void> {
    timed(this.spent, 'MediumService', ms / 2);
    await nextTurn();
    timed(this.spent, 'MediumService', ms / 2);
  }
}

export class LightService {
  constructor(private readonly spent: Spent) {}

  /** A function of the instance, not of the class. */
  readonly work = (ms: number): number => timed(this.spent, 'LightService', ms);
}

/** Keeps what it allocates. */
export class KeepingService {
  #kept: unknown[] = [];

  /**
   * @param mebibytes so many arrays of one mebibyte. V8 samples nearly each of them: it misses one that a garbage collection comes before, so use so many
   * that one does not matter
   */
  keep(mebibytes: number): void {
    for (let count = 0; count < mebibytes; count += 1) this.#kept.push(allocated());
  }

  drop(): void {
    this.#kept = [];
  }

  /** Allocates, and keeps nothing. */
  waste(mebibytes: number): number {
    let last: unknown[] = [];
    for (let count = 0; count < mebibytes; count += 1) last = allocated();
    return last.length;
  }
}

/** A mebibyte, by a function that is not measured. */
export function allocated(): unknown[] {
  return new Array(131_072).fill(0);
}

export const MEBIBYTE = 2 ** 20;
