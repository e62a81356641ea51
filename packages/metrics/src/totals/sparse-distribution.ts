/** Distributions whose buckets come one by one, as from Redis, from another library, or from a process with other bounds. */
import type { DistributionSnapshot } from '../distribution.js';
import { fineBucketIndex, fineBucketMiddle, withinRange } from '../fine-buckets.js';

/** The counts of some buckets of a distribution. */
export interface SparseDistribution {
  readonly sum: number;
  /** The number of values that are 0. */
  readonly zeros: number;
  /** Upper bounds and counts of classic buckets, in any order. */
  readonly classic: readonly (readonly [bound: number, count: number])[];
  /** Indexes and counts of fine buckets; they are ignored if they do not have all values, as from libraries without them. */
  readonly fine: readonly (readonly [index: number, count: number])[];
  /** The smallest and the largest value, if they are known. */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
}

/**
 * Returns the distribution.
 * @param bounds the upper bounds of its classic buckets. What was counted in a bucket with another bound counts in the next larger one.
 */
export function distributionWith(bounds: readonly number[], stored: SparseDistribution): DistributionSnapshot {
  const buckets = new Array<number>(bounds.length + 1).fill(0);
  for (const [bound, count] of stored.classic) {
    const at = bounds.findIndex((each) => each >= bound);
    const bucket = at === -1 ? bounds.length : at;
    buckets[bucket] = (buckets[bucket] as number) + count;
  }
  const count = buckets.reduce((sum, each) => sum + each, 0);
  const { zeros, fine } = hasAll(stored, count) ? stored : fromClassic(stored.classic);
  const indexes = fine.map(([index]) => index);
  // A spread would need an argument for each of them.
  const [lowest, highest] = [indexes.reduce(smaller, Number.POSITIVE_INFINITY), indexes.reduce(larger, Number.NEGATIVE_INFINITY)];
  const fineOffset = fine.length === 0 ? 0 : lowest;
  const counts = new Array<number>(fine.length === 0 ? 0 : highest - lowest + 1).fill(0);
  for (const [index, each] of fine) counts[index - fineOffset] = (counts[index - fineOffset] as number) + each;
  const values = { zeros, fineOffset, fine: counts, buckets };
  if (count === 0) return { count, sum: 0, min: null, max: null, ...values };
  const { min = zeros > 0 || fine.length === 0 ? 0 : fineBucketMiddle(lowest), max = fine.length === 0 ? 0 : fineBucketMiddle(highest) } =
    stored;
  return { count, sum: Math.max(0, stored.sum), min, max, ...values };
}

const smaller = (one: number, other: number): number => Math.min(one, other);
const larger = (one: number, other: number): number => Math.max(one, other);

function hasAll({ zeros, fine }: SparseDistribution, count: number): boolean {
  return fine.reduce((sum, [, each]) => sum + each, zeros) === count;
}

/** Without fine buckets, values count at the upper bounds of their classic ones. */
function fromClassic(classic: SparseDistribution['classic']): Pick<SparseDistribution, 'zeros' | 'fine'> {
  const highest = classic.reduce((most, [bound]) => (Number.isFinite(bound) ? Math.max(most, bound) : most), 0);
  const used = classic.filter(([, count]) => count > 0).map(([bound, count]) => [Number.isFinite(bound) ? bound : highest, count] as const);
  const zeros = used.reduce((sum, [bound, count]) => (bound > 0 ? sum : sum + count), 0);
  return { zeros, fine: used.filter(([bound]) => bound > 0).map(([bound, count]) => [withinRange(fineBucketIndex(bound)), count]) };
}

/** Returns the buckets of a distribution one by one. */
export function sparseOf(
  { sum, min, max, zeros, buckets, fineOffset, fine }: DistributionSnapshot,
  bounds: readonly number[],
): SparseDistribution {
  const classic = buckets
    .map((count, bucket) => [bounds[bucket] ?? Number.POSITIVE_INFINITY, count] as const)
    .filter(([, count]) => count > 0);
  const kept = fine.map((count, position) => [fineOffset + position, count] as const).filter(([, count]) => count > 0);
  const areKnown = min !== null && max !== null && !Number.isNaN(min) && !Number.isNaN(max);
  return { sum, zeros, classic, fine: kept, ...(areKnown && { min, max }) };
}
