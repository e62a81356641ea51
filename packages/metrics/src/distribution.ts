/** What one series keeps of the values it was given: count, sum, extremes, classic buckets and fine buckets. */
import { BUCKETS_PER_OCTAVE, fineBucketIndex, fineBucketMiddle, withinRange } from './fine-buckets.js';

/** A distribution as plain JSON. */
export interface DistributionSnapshot {
  readonly count: number;
  readonly sum: number;
  /** Null while there is no value. */
  readonly min: number | null;
  readonly max: number | null;
  /** Values per classic bucket, not cumulative; the last is what lies above the highest bound. */
  readonly buckets: readonly number[];
  /** Values that were 0, which no exponential bucket can hold. */
  readonly zeros: number;
  /** Index of the first fine bucket kept. */
  readonly fineOffset: number;
  readonly fine: readonly number[];
}

// 0.07 * 100 is 7.000000000000001 in doubles; its rank is 7.
const ROUNDED_DOWN = 1 - 2 ** -51;

// One for all that are empty; never written to.
const NOTHING: number[] = [];

/**
 * Values of one series: exact where Prometheus asks (count, sum, classic buckets), within 2.2 % where people ask (quantiles).
 *
 * Memory is taken with the first value, grows with the octaves that values fall into, 128 bytes for each, and is bounded.
 */
export class Distribution {
  count = 0;
  sum = 0;
  /** Infinity while there is no value. */
  min = Number.POSITIVE_INFINITY;
  /** -Infinity while there is no value. */
  max = Number.NEGATIVE_INFINITY;
  zeros = 0;
  fine: number[] = NOTHING;
  /** Index of the first fine bucket kept. */
  fineOffset = 0;
  #buckets: number[] = NOTHING;

  /** @param bounds upper bounds of the classic buckets, ascending; kept, not copied */
  constructor(readonly bounds: readonly number[]) {}

  /** Values per classic bucket, not cumulative; one more than there are bounds. A copy. */
  get buckets(): number[] {
    return this.count === 0 ? zeros(this.bounds.length + 1) : [...this.#buckets];
  }

  /** Values in one classic bucket; the one after the last bound has what lies above it. */
  valuesInBucket(index: number): number {
    return this.#buckets[index] ?? 0;
  }

  /**
   * Adds one value. On the hot path: a few comparisons and array writes, no allocation once its octave has been seen.
   * @param value finite and not negative; the caller has checked
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

  // Not `#`: a private method would be a field of every distribution, looked at with every call.
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

  /** Widens the kept range to whole octaves, so that it is seldom done. */
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
   * The value below or at which a share of all values lies, by nearest rank; at most 2.2 % off from a nanosecond (in seconds) to 2^40.
   * @param q from 0 to 1
   * @returns NaN while there is no value, and where q is NaN
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
  // A plain array counts in small integers and turns to doubles by itself: exact to 2^53, and lighter than a typed array at this size.
  return new Array<number>(length).fill(0);
}
