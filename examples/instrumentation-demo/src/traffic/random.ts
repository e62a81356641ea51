/** Random choices that a seed repeats. */

/** A source of choices; the same seed gives the same ones. */
export interface Random {
  /** An integer from `from` to `to`, both included. */
  integer(from: number, to: number): number;
  /** One of the items; there must be one. */
  pick<T>(items: readonly [T, ...T[]]): T;
  /** One of the items, each as likely as its weight says. */
  weighted<T>(items: readonly [Weighted<T>, ...Weighted<T>[]]): T;
}

/** An item and how often it comes, relative to the others. */
export interface Weighted<T> {
  readonly weight: number;
  readonly item: T;
}

/** Makes a source from a 32-bit seed. */
export function seededRandom(seed: number): Random {
  const fraction = mulberry32(seed);
  const integer = (from: number, to: number) => from + Math.floor(fraction() * (to - from + 1));
  const pick = <T>(items: readonly [T, ...T[]]): T => items[integer(0, items.length - 1)] ?? items[0];
  const weighted = <T>(items: readonly [Weighted<T>, ...Weighted<T>[]]): T => {
    let rest = fraction() * items.reduce((sum, { weight }) => sum + weight, 0);
    for (const { weight, item } of items) {
      rest -= weight;
      if (rest < 0) return item;
    }
    return items[0].item;
  };
  return { integer, pick, weighted };
}

// Tommy Ettinger's generator: 32 bits of state, good enough to vary traffic, and short.
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
