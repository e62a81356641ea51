/** The clocks: one for durations, injected, so that tests own the time; the wall clock for times that people read. */

/** A monotonic clock in nanoseconds; only differences between its readings mean anything. */
export type Clock = () => bigint;

/** The process's monotonic clock: of Node's clocks the cheapest to read, about 28 ns. */
export const processClock: Clock = process.hrtime.bigint;

const difference = new BigInt64Array(1);
const unsignedWords = new Uint32Array(difference.buffer);
const signedWords = new Int32Array(difference.buffer);
const LOW_WORD = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;
const HIGH_WORD = 1 - LOW_WORD;

/**
 * The time between two readings, in seconds; exact to the nanosecond for differences up to 104 days.
 *
 * Read as two words out of a typed array: `Number(end - start)` makes a bigint on the heap, which costs more than reading the clock's other end.
 */
export function secondsBetween(start: bigint, end: bigint): number {
  difference[0] = end - start;
  return ((signedWords[HIGH_WORD] as number) * 2 ** 32 + (unsignedWords[LOW_WORD] as number)) * 1e-9;
}

/** The wall clock, in seconds since 1970. */
export function wallClockSeconds(): number {
  return Date.now() / 1000;
}
