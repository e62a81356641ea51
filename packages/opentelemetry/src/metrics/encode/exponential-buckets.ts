/** Fine buckets as those of an exponential histogram. */
import type { FineBuckets } from '@tsukimi/metrics';

/** The scale of the fine buckets as they are kept: the upper bound of each is 2^(2^-4) times its lower one. */
export const FINEST_SCALE = 4;

/** The lowest that receivers have to read. */
const COARSEST_SCALE = -10;

export interface ExponentialBuckets {
  /** The upper bound of each bucket is 2^(2^-scale) times its lower one. */
  readonly scale: number;
  /** Bucket i has the values above base^(offset + i), up to and including base^(offset + i + 1). */
  readonly offset: number;
  readonly counts: readonly number[];
}

/**
 * Returns the buckets in the finest scale in which at most so many of them have values, as Prometheus gets them.
 *
 * Fine buckets are counted by their upper bounds, exponential ones by their lower bounds: hence the difference of 1.
 * @see https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
 */
export function exponentialBuckets({ offset, counts }: FineBuckets, maxBuckets: number): ExponentialBuckets {
  let scale = FINEST_SCALE;
  let buckets = { offset: offset - 1, counts };
  while (scale > COARSEST_SCALE && withValues(buckets.counts) > maxBuckets) {
    buckets = halved(buckets);
    scale -= 1;
  }
  return { scale, ...buckets };
}

/** Two neighbours become one. */
function halved({ offset, counts }: { readonly offset: number; readonly counts: readonly number[] }) {
  const first = Math.floor(offset / 2);
  const merged = Array.from({ length: Math.floor((offset + counts.length - 1) / 2) - first + 1 }, () => 0);
  for (let index = 0; index < counts.length; index += 1) {
    const at = Math.floor((offset + index) / 2) - first;
    merged[at] = (merged[at] as number) + (counts[index] as number);
  }
  return { offset: first, counts: merged };
}

function withValues(counts: readonly number[]): number {
  let filled = 0;
  for (const count of counts) if (count > 0) filled += 1;
  return filled;
}
