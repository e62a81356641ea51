/** Histograms as they are kept in Redis, converted to distributions. */
import { BUCKETS_PER_OCTAVE, type DistributionSnapshot } from '@tsukimi/metrics';

/** Upper bounds and counts of classic buckets, in any order. */
type Buckets = readonly (readonly [bound: number, count: number])[];

interface Stored {
  readonly sum: number;
  readonly zeros: number;
  readonly classic: Buckets;
  readonly fine: readonly (readonly [index: number, count: number])[];
}

/**
 * Returns the distribution of a series.
 * @param bounds the bounds of the family now. What was counted in a bucket with another bound, before a change of the buckets, counts in the next larger one.
 */
export function distributionOf(fields: ReadonlyMap<string, string>, bounds: readonly number[]): DistributionSnapshot {
  const stored = storedOf(fields);
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
  const [min, max] = [zeros > 0 || fine.length === 0 ? 0 : middle(lowest), fine.length === 0 ? 0 : middle(highest)];
  return { count, sum: Math.max(0, stored.sum), min, max, ...values };
}

const smaller = (one: number, other: number): number => Math.min(one, other);
const larger = (one: number, other: number): number => Math.max(one, other);

function storedOf(fields: ReadonlyMap<string, string>): Stored {
  const classic: [number, number][] = [];
  const fine: [number, number][] = [];
  for (const [field, text] of fields) {
    const count = Number(text);
    if (field.startsWith('le:')) classic.push([field === 'le:+Inf' ? Number.POSITIVE_INFINITY : Number(field.slice(3)), count]);
    else if (field.startsWith('fine:')) fine.push([Number(field.slice(5)), count]);
  }
  return { sum: Number(fields.get('sum') ?? 0), zeros: Number(fields.get('zeros') ?? 0), classic, fine };
}

function hasAll({ zeros, fine }: Stored, count: number): boolean {
  return fine.reduce((sum, [, each]) => sum + each, zeros) === count;
}

/** Histograms of other libraries have no fine buckets: their values count at the upper bounds of their buckets. */
function fromClassic(classic: Buckets): Pick<Stored, 'zeros' | 'fine'> {
  const highest = classic.reduce((most, [bound]) => (Number.isFinite(bound) ? Math.max(most, bound) : most), 0);
  const used = classic.filter(([, count]) => count > 0).map(([bound, count]) => [Number.isFinite(bound) ? bound : highest, count] as const);
  const zeros = used.reduce((sum, [bound, count]) => (bound > 0 ? sum : sum + count), 0);
  return { zeros, fine: used.filter(([bound]) => bound > 0).map(([bound, count]) => [fineIndexOf(bound), count]) };
}

function fineIndexOf(value: number): number {
  const index = Math.ceil(Math.log2(value) * BUCKETS_PER_OCTAVE);
  return Math.min(41 * BUCKETS_PER_OCTAVE - 1, Math.max(-30 * BUCKETS_PER_OCTAVE, index));
}

/** The middle of a fine bucket, which is at most 2.2 % from any value in it. */
function middle(index: number): number {
  return 2 ** ((index - 0.5) / BUCKETS_PER_OCTAVE);
}
