/** The fine buckets of a series as a native histogram has them. */
import type { Distribution } from '../../distribution.js';

/** The schema of the fine buckets as they are kept: each is 2^(2^-4) times as wide as the one before. */
export const FINEST_SCHEMA = 4;

/** The lowest schema that Prometheus reads; a bucket of it spans 16 octaves. */
const COARSEST_SCHEMA = -4;

/** What counts as zero. A histogram's values are 0 or at least a nanosecond; this is what Prometheus's own client takes. */
export const ZERO_THRESHOLD = 2 ** -128;

/** A run of buckets without a gap worth telling of. */
export interface BucketSpan {
  /** Buckets from the end of the span before; of the first span, the index of its first bucket. */
  readonly offset: number;
  readonly length: number;
}

/** Buckets of a native histogram, as Prometheus's protobuf format has them. */
export interface NativeBuckets {
  /** A bucket's upper bound is 2^(2^-schema) times its lower one. */
  readonly schema: number;
  readonly spans: readonly BucketSpan[];
  /** Each the difference to the bucket before. */
  readonly deltas: readonly number[];
}

/** An empty bucket in a span is a byte, as a new span is three or more: gaps up to this stay in their span. */
const LARGEST_GAP_WITHIN = 2;

/**
 * The finest schema in which a distribution has no more than so many buckets with values.
 * @param from the finest that may be: once lowered, a series keeps its schema, since each change is a counter reset to Prometheus
 */
export function schemaFor({ fine, fineOffset }: Distribution, maxBuckets: number, from: number = FINEST_SCHEMA): number {
  for (let schema = from; schema > COARSEST_SCHEMA; schema -= 1) {
    if (countOfBuckets(fine, fineOffset, schema) <= maxBuckets) return schema;
  }
  return COARSEST_SCHEMA;
}

/**
 * The buckets of a distribution in a schema.
 * @see https://prometheus.io/docs/specs/native_histograms/#spans
 */
export function nativeBuckets({ fine, fineOffset }: Distribution, schema: number): NativeBuckets {
  const spans: { offset: number; length: number }[] = [];
  const deltas: number[] = [];
  let end = 0;
  let before = 0;
  const add = (amount: number) => {
    deltas.push(amount - before);
    before = amount;
  };
  forEachBucket(fine, fineOffset, schema, (index, amount) => {
    const last = spans.at(-1);
    const gap = index - end;
    if (last !== undefined && gap <= LARGEST_GAP_WITHIN) {
      for (let empty = 0; empty < gap; empty += 1) add(0);
      last.length += gap + 1;
    } else spans.push({ offset: gap, length: 1 });
    add(amount);
    end = index + 1;
  });
  return { schema, spans, deltas };
}

/** The bucket of a lower schema that a bucket of the finest lies in: two neighbours become one with each step. */
function lowered(index: number, schema: number): number {
  return Math.ceil(index / 2 ** (FINEST_SCHEMA - schema));
}

function countOfBuckets(fine: readonly number[], fineOffset: number, schema: number): number {
  let count = 0;
  forEachBucket(fine, fineOffset, schema, () => {
    count += 1;
  });
  return count;
}

/** Calls back for each bucket that has values, in ascending order. */
function forEachBucket(fine: readonly number[], fineOffset: number, schema: number, bucket: (index: number, amount: number) => void): void {
  let index = Number.NaN;
  let amount = 0;
  for (let position = 0; position < fine.length; position += 1) {
    const more = fine[position] as number;
    if (more === 0) continue;
    const next = lowered(position + fineOffset, schema);
    if (next !== index) {
      if (amount > 0) bucket(index, amount);
      index = next;
      amount = 0;
    }
    amount += more;
  }
  if (amount > 0) bucket(index, amount);
}
