/** The state of one series of values: count, sum, minimum, maximum, classic buckets and fine buckets. */
import { BUCKETS_PER_OCTAVE, fineBucketIndex, fineBucketMiddle, withinRange } from './fine-buckets.js';

/** A distribution as plain JSON. */
export interface DistributionSnapshot {
  readonly count: number;
  readonly sum: number;
  /** Null if there is no value. */
  readonly min: number | null;
  readonly max: number | null;
  /** The number of values in each classic bucket, not cumulative. The last is for values above the highest bound. */
  readonly buckets: readonly number[];
  /** The number of values that are 0, which no exponential bucket can hold. */
  readonly zeros: number;
  /** Index of the first fine bucket kept. */
  readonly fineOffset: number;
  readonly fine: readonly number[];
}

// 0.07 * 100 is 7.000000000000001 in doubles, but its rank is 7.
const ROUNDED_DOWN = 1 - 2 ** -51;

// Shared by all empty distributions; never written to.
const NOTHING: number[] = [];

/**
 * The values of one series. Count, sum and classic buckets are exact; quantiles are at most 2.2 % off.
 *
 * Memory is allocated with the first value. It is bounded, and grows by 128 bytes for each octave in which there are values.
 */
export class Distribution {
  count = 0;
  sum = 0;
  /** The smallest value; Infinity if there is none. */
  min = Number.POSITIVE_INFINITY;
  /** The largest value; -Infinity if there is none. */
  max = Number.NEGATIVE_INFINITY;
  zeros = 0;
  fine: number[] = NOTHING;
  /** Index of the first fine bucket kept. */
  fineOffset = 0;
  #buckets: number[] = NOTHING;

  /** @param bounds upper bounds of the classic buckets, ascending; kept, not copied */
  constructor(readonly bounds: readonly number[]) {}

  /** The number of values in each classic bucket, not cumulative; one entry more than there are bounds. A copy. */
  get buckets(): number[] {
    return this.count === 0 ? zeros(this.bounds.length + 1) : [...this.#buckets];
  }

  /** Returns the number of values in one classic bucket. The bucket after the last bound has the values above it. */
  valuesInBucket(index: number): number {
    return this.#buckets[index] ?? 0;
  }

  /**
   * Adds one value. Hot path: a few comparisons and array writes, and no allocation if the octave has values already.
   * @param value finite and not negative; not checked here
   */
  record(value: number): void {
    if (this.count === 0) this.begin();
    this.count += 1;
    this.sum += value;
    if (value < this.min) this.min = value;
    if (value > this.max) this.max = value;
    this.recordClassic(value);
    if (value > 0) this.addFine(fineBucketIndex(value), 1);
    else this.zeros += 1;
  }

  // Not `#`, because a private method adds a field to every instance, which every call checks.
  private begin(): void {
    this.#buckets = zeros(this.bounds.length + 1);
  }

  private recordClassic(value: number): void {
    const bounds = this.bounds;
    const most = bounds.length;
    let bucket = 0;
    while (bucket < most && value > (bounds[bucket] as number)) bucket += 1;
    this.#buckets[bucket] = (this.#buckets[bucket] as number) + 1;
  }

  private addFine(index: number, amount: number): void {
    let position = index - this.fineOffset;
    if (position < 0 || position >= this.fine.length) {
      const kept = withinRange(index);
      this.cover(kept);
      position = kept - this.fineOffset;
    }
    this.fine[position] = (this.fine[position] as number) + amount;
  }

  /** Widens the range of fine buckets by whole octaves, so that it happens seldom. */
  private cover(index: number): void {
    const octave = Math.floor(index / BUCKETS_PER_OCTAVE) * BUCKETS_PER_OCTAVE;
    if (this.fine.length === 0) {
      this.fineOffset = octave;
      this.fine = zeros(BUCKETS_PER_OCTAVE);
      return;
    }
    const end = Math.max(this.fineOffset + this.fine.length, octave + BUCKETS_PER_OCTAVE);
    const start = Math.min(this.fineOffset, octave);
    const wider = zeros(end - start);
    for (const [position, amount] of this.fine.entries()) wider[position + this.fineOffset - start] = amount;
    this.fine = wider;
    this.fineOffset = start;
  }

  /**
   * Returns a quantile by nearest rank. It is at most 2.2 % off, for values from a nanosecond (in seconds) to 2^40.
   * @param q the quantile, from 0 to 1
   * @returns NaN if there is no value or q is NaN
   */
  quantile(q: number): number {
    if (this.count === 0 || Number.isNaN(q)) return Number.NaN;
    const rank = Math.min(this.count, Math.max(1, Math.ceil(q * this.count * ROUNDED_DOWN)));
    if (rank === this.count) return this.max;
    if (rank === 1) return this.min;
    return Math.min(this.max, Math.max(this.min, this.middleOfRank(rank)));
  }

  private middleOfRank(rank: number): number {
    let seen = this.zeros;
    if (seen >= rank) return 0;
    for (const [position, amount] of this.fine.entries()) {
      seen += amount;
      if (seen >= rank) return fineBucketMiddle(position + this.fineOffset);
    }
    return this.max;
  }

  /** Adds all values of another distribution with the same classic bounds. */
  merge(other: Distribution | DistributionSnapshot): void {
    if (other.count === 0) return;
    if (this.count === 0) this.begin();
    this.count += other.count;
    this.sum += other.sum;
    this.min = Math.min(this.min, other.min ?? this.min);
    this.max = Math.max(this.max, other.max ?? this.max);
    this.zeros += other.zeros;
    for (const [bucket, amount] of other.buckets.entries()) this.#buckets[bucket] = this.valuesInBucket(bucket) + amount;
    for (const [position, amount] of other.fine.entries()) {
      if (amount > 0) this.addFine(position + other.fineOffset, amount);
    }
  }

  reset(): void {
    this.count = 0;
    this.sum = 0;
    this.min = Number.POSITIVE_INFINITY;
    this.max = Number.NEGATIVE_INFINITY;
    this.zeros = 0;
    this.fine = NOTHING;
    this.fineOffset = 0;
    this.#buckets = NOTHING;
  }

  snapshot(): DistributionSnapshot {
    const { count, sum, buckets, zeros, fineOffset, fine } = this;
    const empty = count === 0;
    return { count, sum, min: empty ? null : this.min, max: empty ? null : this.max, buckets, zeros, fineOffset, fine: [...fine] };
  }
}

function zeros(length: number): number[] {
  // A plain array holds small integers and changes to doubles automatically: exact to 2^53, and smaller than a typed array of this size.
  return new Array<number>(length).fill(0);
}
