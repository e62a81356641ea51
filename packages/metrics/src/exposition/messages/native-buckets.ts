/** The fine buckets of a series as the buckets of a native histogram. */
import type { Distribution } from '../../distribution.js';
import { HIGHEST_INDEX, LOWEST_INDEX } from '../../fine-buckets.js';

/** The schema of the fine buckets as they are kept: the bounds of each are 2^(2^-4) times those of the one before. */
export const FINEST_SCHEMA = 4;

/** The lowest schema that Prometheus reads; each of its buckets spans 16 octaves. */
const COARSEST_SCHEMA = -4;

/** An empty bucket within a span takes a byte, a further span at least six: gaps up to this stay in their span. */
const LARGEST_GAP_WITHIN = 4;

const MOST_BUCKETS = HIGHEST_INDEX - LOWEST_INDEX + 1;

/**
 * Spans and deltas of one series at a time, in arrays that are used again.
 * @see https://prometheus.io/docs/specs/native_histograms/#spans
 */
export class NativeBuckets {
  /** The bounds of a bucket are 2^(2^-schema) times those of the one before. */
  schema = FINEST_SCHEMA;
  /** How many of the entries of `offsets` and `lengths` count. */
  spanCount = 0;
  /** Buckets between the end of the span before and this one; for the first span, the index of its first bucket. */
  readonly offsets = new Int32Array(MOST_BUCKETS);
  readonly lengths = new Int32Array(MOST_BUCKETS);
  /** How many of the entries of `deltas` count. */
  deltaCount = 0;
  /** Each the difference to the bucket before. */
  readonly deltas = new Float64Array(MOST_BUCKETS);
  #end = 0;
  #before = 0;

  /**
   * Reads a distribution in the finest schema in which it has no more than so many buckets with values.
   *
   * A series gets new buckets and loses none until it is reset, so its schema never rises in between: to Prometheus, that would be a counter reset.
   */
  read({ fine, fineOffset }: Distribution, maxBuckets: number): void {
    const schema = schemaFor({ fine, fineOffset }, maxBuckets);
    this.#begin(schema);
    let index = Number.NaN;
    let amount = 0;
    for (let position = 0; position < fine.length; position += 1) {
      const more = fine[position] as number;
      if (more === 0) continue;
      const next = lowered(position + fineOffset, schema);
      if (next === index) amount += more;
      else {
        if (amount > 0) this.#add(index, amount);
        index = next;
        amount = more;
      }
    }
    if (amount > 0) this.#add(index, amount);
  }

  #begin(schema: number): void {
    this.schema = schema;
    this.spanCount = 0;
    this.deltaCount = 0;
    this.#end = 0;
    this.#before = 0;
  }

  #add(index: number, amount: number): void {
    const gap = index - this.#end;
    if (this.spanCount > 0 && gap <= LARGEST_GAP_WITHIN) {
      for (let empty = 0; empty < gap; empty += 1) this.#delta(0);
      this.lengths[this.spanCount - 1] = (this.lengths[this.spanCount - 1] as number) + gap + 1;
    } else {
      this.offsets[this.spanCount] = gap;
      this.lengths[this.spanCount] = 1;
      this.spanCount += 1;
    }
    this.#delta(amount);
    this.#end = index + 1;
  }

  #delta(amount: number): void {
    this.deltas[this.deltaCount] = amount - this.#before;
    this.deltaCount += 1;
    this.#before = amount;
  }
}

function schemaFor({ fine, fineOffset }: Pick<Distribution, 'fine' | 'fineOffset'>, maxBuckets: number): number {
  if (fine.length <= maxBuckets) return FINEST_SCHEMA;
  let schema = FINEST_SCHEMA;
  while (schema > COARSEST_SCHEMA && bucketsWithValues(fine, fineOffset, schema) > maxBuckets) schema -= 1;
  return schema;
}

/** The bucket of a lower schema that a bucket of the finest lies in: two neighbours become one with each step. */
function lowered(index: number, schema: number): number {
  return schema === FINEST_SCHEMA ? index : Math.ceil(index / 2 ** (FINEST_SCHEMA - schema));
}

function bucketsWithValues(fine: readonly number[], fineOffset: number, schema: number): number {
  let count = 0;
  let last = Number.NaN;
  for (let position = 0; position < fine.length; position += 1) {
    if (fine[position] === 0) continue;
    const index = lowered(position + fineOffset, schema);
    if (index !== last) count += 1;
    last = index;
  }
  return count;
}
