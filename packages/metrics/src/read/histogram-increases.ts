/** Increases of our histograms, read from their distributions: nothing is copied but what has changed. */
import type { Distribution } from '../distribution.js';
import type { Exemplar } from '../exemplar.js';
import type { HistogramSeries } from '../instruments/histogram.js';
import type { FineBuckets, HistogramPoint, LabelRecord } from '../metric-family.js';
import { difference } from './rounding.js';

const NO_COUNTS: readonly number[] = Object.freeze([]);
const NO_FINE: FineBuckets = Object.freeze({ zeros: 0, offset: 0, counts: NO_COUNTS });

/** The sum of the deltas of one series. */
export class HistogramTotals {
  #count = 0;
  #sum = 0;
  #zeros = 0;
  #fineOffset = 0;
  #fine: number[] = [];
  readonly #buckets: number[];
  #exemplars: readonly (Exemplar | undefined)[] = [];

  constructor({ distribution }: HistogramSeries) {
    this.#buckets = new Array<number>(distribution.bounds.length + 1).fill(0);
  }

  /** Returns the increase of the series since the last call, frozen. */
  advance({ distribution, createdSeconds, exemplars }: HistogramSeries, labels: LabelRecord): HistogramPoint {
    const count = distribution.count - this.#count;
    const sum = difference(Math.min(distribution.sum, Number.MAX_VALUE), this.#sum);
    this.#count += count;
    this.#sum += sum;
    const point = { labels, createdSeconds, count, sum, buckets: this.#bucketsOf(distribution), fine: this.#fineOf(distribution) };
    const further = this.#exemplarsOf(exemplars);
    return Object.freeze(further === undefined ? point : { ...point, exemplars: Object.freeze(further) });
  }

  #bucketsOf(distribution: Distribution): readonly number[] {
    const counts = this.#buckets.map((before, bucket) => {
      const now = distribution.valuesInBucket(bucket);
      this.#buckets[bucket] = now;
      return now - before;
    });
    return Object.freeze(counts);
  }

  /** In the narrowest range that has all values. */
  #fineOf({ fine, fineOffset, zeros }: Distribution): FineBuckets {
    if (this.#fine.length !== fine.length || this.#fineOffset !== fineOffset) this.#cover(fine.length, fineOffset);
    const before = this.#fine;
    let start = 0;
    let end = fine.length;
    while (start < end && fine[start] === before[start]) start += 1;
    while (end > start && fine[end - 1] === before[end - 1]) end -= 1;
    const furtherZeros = zeros - this.#zeros;
    this.#zeros = zeros;
    if (start === end) return furtherZeros === 0 ? NO_FINE : Object.freeze({ zeros: furtherZeros, offset: 0, counts: NO_COUNTS });
    const counts: number[] = [];
    for (let position = start; position < end; position += 1) {
      const now = fine[position] as number;
      counts.push(now - (before[position] as number));
      before[position] = now;
    }
    return Object.freeze({ zeros: furtherZeros, offset: fineOffset + start, counts: Object.freeze(counts) });
  }

  /** The range of a distribution only grows. */
  #cover(length: number, offset: number): void {
    const wider = new Array<number>(length).fill(0);
    for (const [position, amount] of this.#fine.entries()) wider[position + this.#fineOffset - offset] = amount;
    this.#fine = wider;
    this.#fineOffset = offset;
  }

  #exemplarsOf(exemplars: HistogramSeries['exemplars']): HistogramPoint['exemplars'] {
    if (exemplars === undefined) return undefined;
    const further = exemplars.map((each, bucket) => (each === undefined || each === this.#exemplars[bucket] ? null : each));
    this.#exemplars = [...exemplars];
    return further.some((each) => each !== null) ? further : undefined;
  }
}
