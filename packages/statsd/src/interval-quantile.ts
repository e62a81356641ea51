/** Quantiles of the values that a histogram recorded in one interval. */
import { BUCKETS_PER_OCTAVE, type HistogramPoint } from '@tsukimi/metrics';

// 0.07 * 100 is 7.000000000000001 in doubles, but its rank is 7.
const ROUNDED_DOWN = 1 - 2 ** -51;

/**
 * Returns a quantile by nearest rank. It is at most 2.2 % off where there are fine buckets; otherwise it is interpolated in the classic bucket, as
 * Prometheus does.
 * @returns undefined if no value was recorded
 */
export function intervalQuantile(point: HistogramPoint, bounds: readonly number[], q: number): number | undefined {
  if (point.count <= 0) return undefined;
  const rank = Math.min(point.count, Math.max(1, Math.ceil(q * point.count * ROUNDED_DOWN)));
  return point.fine === undefined ? classicQuantile(point.buckets, bounds, rank) : fineQuantile(point.fine, rank);
}

function fineQuantile({ zeros, offset, counts }: NonNullable<HistogramPoint['fine']>, rank: number): number | undefined {
  let seen = zeros;
  if (seen >= rank) return 0;
  let last: number | undefined;
  for (const [position, amount] of counts.entries()) {
    if (amount <= 0) continue;
    seen += amount;
    // The geometric middle of the bucket.
    last = 2 ** ((offset + position - 0.5) / BUCKETS_PER_OCTAVE);
    if (seen >= rank) return last;
  }
  return last;
}

function classicQuantile(buckets: readonly number[], bounds: readonly number[], rank: number): number | undefined {
  let seen = 0;
  for (const [index, bound] of bounds.entries()) {
    const amount = buckets[index] ?? 0;
    if (amount > 0 && seen + amount >= rank) {
      const lower = bounds[index - 1] ?? Math.min(0, bound);
      return lower + ((bound - lower) * (rank - seen)) / amount;
    }
    seen += amount;
  }
  return bounds.at(-1);
}
