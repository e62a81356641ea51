/** The exponential buckets, 16 to the octave, from which quantiles are read. */

/** Buckets to the octave; the growth from one to the next is 2^(1/16), about 4.4 %. */
export const BUCKETS_PER_OCTAVE = 16;

// The range that is kept covers 2^-30 (a nanosecond, in seconds: what a call that does nothing is measured in) to 2^40 (1 TiB in bytes, 34,000 years in
// seconds), in whole octaves; what lies beyond is clamped to the ends.
export const LOWEST_INDEX = -30 * BUCKETS_PER_OCTAVE;
export const HIGHEST_INDEX = 41 * BUCKETS_PER_OCTAVE - 1;

const bounds = Float64Array.from({ length: BUCKETS_PER_OCTAVE + 1 }, (_, k) => 2 ** (k / BUCKETS_PER_OCTAVE));

// For each 256th of the mantissa's range, the first bucket that can hold it: a cell is narrower than any bucket, so one comparison settles the rest.
const firstBucketOfCell = Uint8Array.from({ length: 256 }, (_, cell) => bounds.findIndex((bound) => 1 + cell / 256 <= bound));

const asFloat = new Float64Array(1);
const asWords = new Uint32Array(asFloat.buffer);
const HIGH_WORD = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 1 : 0;

// By the biased exponent of a double: a bound times its power of two is a bound of the value's own octave, without rounding wherever it matters. To
// write the exponent into the value instead and read that back would make the processor wait for the write, for longer than all the rest takes.
const powersOfTwo = Float64Array.from({ length: 2048 }, (_, biased) => 2 ** (biased - 1023));

/**
 * The index of the bucket that holds a value: bucket i holds (2^((i-1)/16), 2^(i/16)]. Not yet clamped to the range that is kept.
 *
 * Reads the exponent and the mantissa from the value's bits: a logarithm would cost three times as much and miss at the bounds.
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

/** The nearest index of a bucket that is kept. */
export function withinRange(index: number): number {
  return Math.min(HIGHEST_INDEX, Math.max(LOWEST_INDEX, index));
}

/** The value that stands for a bucket: its geometric middle, at most 2.2 % from any value in it. */
export function fineBucketMiddle(index: number): number {
  return 2 ** ((index - 0.5) / BUCKETS_PER_OCTAVE);
}
