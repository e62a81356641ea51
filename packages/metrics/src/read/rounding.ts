/** Differences of sums of fractions. */

/** Returns an increase. A sum of deltas can be larger than the value by its rounding, which is no decrease. */
export function difference(now: number, before: number): number {
  const change = now - before;
  return change < 0 && isRounding(change, now) ? 0 : change;
}

export function isRounding(change: number, value: number): boolean {
  return Math.abs(change) <= 4 * Number.EPSILON * Math.abs(value);
}
