/** Clock readings as plain numbers, without the allocation that `Number(bigint)` is. */

const word = new BigInt64Array(1);
const unsigned = new Uint32Array(word.buffer);
const signed = new Int32Array(word.buffer);
const LOW = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;
const HIGH = 1 - LOW;
const WORD = 2 ** 32;

/**
 * A reading or a difference of readings as a number, exact to 2^53 ns (104 days).
 *
 * Stored in a typed array, V8 keeps a bigint in a register: a call that is measured allocates nothing.
 */
export function nanoseconds(reading: bigint): number {
  word[0] = reading;
  return (unsigned[LOW] as number) + (signed[HIGH] as number) * WORD;
}
