/** A distribution that is put together from parts of the history: counts by bucket, and percentiles from them. */
import { BUCKETS_PER_OCTAVE } from '@tsukimi/metrics';

// 0.07 * 100 is 7.000000000000001 in doubles, but its rank is 7.
const ROUNDED_DOWN = 1 - 2 ** -51;

const ROOM = 4 * BUCKETS_PER_OCTAVE;

/** Tells the values of buckets. */
export interface BucketScale {
  /** The upper bound of a bucket. */
  upperBound(index: number): number;
  /** A value near all that the bucket has. */
  middle(index: number): number;
}

/** The buckets of every histogram of ours: bucket i has (2^((i-1)/16), 2^(i/16)]. */
export const FINE: BucketScale = {
  upperBound: (index) => 2 ** (index / BUCKETS_PER_OCTAVE),
  middle: (index) => 2 ** ((index - 0.5) / BUCKETS_PER_OCTAVE),
};

/** The buckets of a histogram of prom-client, which has no finer ones. */
export function classicScale(bounds: readonly number[]): BucketScale {
  const upperBound = (index: number): number => bounds[index] ?? Number.POSITIVE_INFINITY;
  return { upperBound, middle: (index) => bounds[Math.min(index, bounds.length - 1)] ?? Number.NaN };
}

export class BucketCounts {
  count = 0;
  sum = 0;
  /** Values that are 0, which no exponential bucket has. */
  zeros = 0;
  /** The index of the first of `counts`. */
  offset = 0;
  counts = new Float64Array(0);

  constructor(readonly scale: BucketScale = FINE) {}

  add(index: number, amount: number): void {
    let position = index - this.offset;
    if (position < 0 || position >= this.counts.length) {
      this.#cover(index);
      position = index - this.offset;
    }
    this.counts[position] = (this.counts[position] as number) + amount;
  }

  merge(other: BucketCounts): void {
    this.count += other.count;
    this.sum += other.sum;
    this.zeros += other.zeros;
    for (let position = 0; position < other.counts.length; position += 1) {
      const amount = other.counts[position] as number;
      if (amount > 0) this.add(other.offset + position, amount);
    }
  }

  clear(): void {
    this.count = 0;
    this.sum = 0;
    this.zeros = 0;
    this.counts.fill(0);
  }

  get average(): number | null {
    return this.count === 0 ? null : this.sum / this.count;
  }

  /** A quantile by nearest rank, at most 2.2 % off; null if there is no value. */
  quantile(q: number): number | null {
    if (this.count <= 0) return null;
    // Of one value, the sum is the value.
    if (this.count === 1) return this.sum;
    const rank = Math.min(this.count, Math.max(1, Math.ceil(q * this.count * ROUNDED_DOWN)));
    let seen = this.zeros;
    if (seen >= rank) return 0;
    let last = Number.NaN;
    for (let position = 0; position < this.counts.length; position += 1) {
      const amount = this.counts[position] as number;
      if (amount <= 0) continue;
      seen += amount;
      last = this.scale.middle(this.offset + position);
      if (seen >= rank) return last;
    }
    // Summaries have no buckets.
    return Number.isNaN(last) ? null : last;
  }

  #cover(index: number): void {
    if (this.counts.length === 0) {
      this.offset = index - (index & (BUCKETS_PER_OCTAVE - 1));
      this.counts = new Float64Array(ROOM);
      return;
    }
    const start = Math.min(this.offset, index - (index & (BUCKETS_PER_OCTAVE - 1)));
    const end = Math.max(this.offset + this.counts.length, index + BUCKETS_PER_OCTAVE);
    const wider = new Float64Array(end - start);
    wider.set(this.counts, this.offset - start);
    this.counts = wider;
    this.offset = start;
  }
}
