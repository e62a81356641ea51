/** The exponential buckets, 16 in each octave, from which quantiles are computed. */

/** The number of buckets in an octave. Each bucket is 2^(1/16), about 4.4 %, wider than the previous one. */
export const BUCKETS_PER_OCTAVE = 16;

// The range from 2^-30 (a nanosecond in seconds, the duration of an empty call) to 2^40 (1 TiB in bytes, 34,000 years in seconds), in whole octaves.
// Values outside are clamped to its ends.
export const LOWEST_INDEX = -30 * BUCKETS_PER_OCTAVE;
export const HIGHEST_INDEX = 41 * BUCKETS_PER_OCTAVE - 1;

const bounds = Float64Array.from({ length: BUCKETS_PER_OCTAVE + 1 }, (_, k) => 2 ** (k / BUCKETS_PER_OCTAVE));

// For each 256th of the mantissa's range, the first bucket that can hold it. A cell is narrower than any bucket, so one further comparison is enough.
const firstBucketOfCell = Uint8Array.from({ length: 256 }, (_, cell) => bounds.findIndex((bound) => 1 + cell / 256 <= bound));

const asFloat = new Float64Array(1);
const asWords = new Uint32Array(asFloat.buffer);
const HIGH_WORD = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

// By the biased exponent of a double: a bound times the power of two is a bound in the value's own octave, without relevant rounding. Writing the
// exponent into the value and reading it back would be slower than all the rest, because the processor would wait for the write.
const powersOfTwo = Float64Array.from({ length: 2048 }, (_, biased) => 2 ** (biased - 1023));

/**
 * Returns the index of the bucket of a value: bucket i holds (2^((i-1)/16), 2^(i/16)]. The index is not clamped to the kept range.
 *
 * Reads the exponent and the mantissa from the value's bits. A logarithm would take three times as long and be wrong at the bounds.
 * @param value greater than 0 and finite
 * @see https://prometheus.io/docs/specs/native_histograms/ schema 4
 */
export function fineBucketIndex(value: number): number {
  asFloat[0] = value;
  const high = asWords[HIGH_WORD] as number;
  const biased = high >>> 20;
  const bucket = firstBucketOfCell[(high >>> 12) & 0xff] as number;
  const isAbove = value > (bounds[bucket] as number) * (powersOfTwo[biased] as number);
  return (biased - 1023) * BUCKETS_PER_OCTAVE + bucket + (isAbove ? 1 : 0);
}

/** Clamps an index to the kept range. */
export function withinRange(index: number): number {
  return Math.min(HIGHEST_INDEX, Math.max(LOWEST_INDEX, index));
}

/** Returns the geometric middle of a bucket, which is at most 2.2 % from any value in it. */
export function fineBucketMiddle(index: number): number {
  return 2 ** ((index - 0.5) / BUCKETS_PER_OCTAVE);
}
