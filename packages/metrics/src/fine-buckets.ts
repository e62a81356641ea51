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
const LOW_WORD = 1 - HIGH_WORD;
const MANTISSA_BITS = 0xfffff;
const HIGH_WORD_OF_ONE = 0x3ff00000;

// The bounds once more, as the two words of their mantissas: to compare those of a value with. To write one word and read back the double would be
// shorter, but the processor then waits for the write, for longer than all the rest takes.
const boundHighs = Uint32Array.from(bounds, (bound) => wordsOf(bound).high - HIGH_WORD_OF_ONE);
const boundLows = Uint32Array.from(bounds, (bound) => wordsOf(bound).low);

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
  const mantissa = high & MANTISSA_BITS;
  const bucket = firstBucketOfCell[mantissa >>> 12] as number;
  const bound = boundHighs[bucket] as number;
  const isAbove = mantissa > bound || (mantissa === bound && (asWords[LOW_WORD] as number) > (boundLows[bucket] as number));
  return ((high >>> 20) - 1023) * BUCKETS_PER_OCTAVE + bucket + (isAbove ? 1 : 0);
}

/** The nearest index of a bucket that is kept. */
export function withinRange(index: number): number {
  return Math.min(HIGHEST_INDEX, Math.max(LOWEST_INDEX, index));
}

function wordsOf(value: number): { readonly high: number; readonly low: number } {
  asFloat[0] = value;
  return { high: asWords[HIGH_WORD] as number, low: asWords[LOW_WORD] as number };
}

/** The value that stands for a bucket: its geometric middle, at most 2.2 % from any value in it. */
export function fineBucketMiddle(index: number): number {
  return 2 ** ((index - 0.5) / BUCKETS_PER_OCTAVE);
}
