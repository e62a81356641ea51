/** The clocks: one for durations, injected, so that tests own the time; one for a user's own timers; the wall clock for times that people read. */
import { performance } from 'node:perf_hooks';

/** A monotonic clock in nanoseconds; only differences between its readings mean anything. */
export type Clock = () => bigint;

/**
 * The process's monotonic clock: of Node's clocks the cheapest to read, about 28 ns. It is the real one, also where a test fakes
 * `process.hrtime`, before this module is loaded or later.
 */
export const processClock: Clock = standsStill(process.hrtime.bigint)
  ? () => BigInt(Math.round(performance.now() * 1e6))
  : process.hrtime.bigint;

/** `process.hrtime` as it is when it is read: a test that fakes the time moves the timers of the code it tests. */
export const timerClock: Clock = () => {
  const { hrtime } = process;
  if (typeof hrtime.bigint === 'function') return hrtime.bigint();
  const [seconds, nanoseconds] = hrtime();
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
};

/** Whether a clock is a test's: a real one has moved on after a few hundred nanoseconds. */
function standsStill(clock: Clock): boolean {
  const start = clock();
  for (let reading = 0; reading < 1000; reading += 1) if (clock() !== start) return false;
  return true;
}

const words = new BigInt64Array(1);
const unsignedWords = new Uint32Array(words.buffer);
const signedWords = new Int32Array(words.buffer);
const LOW_WORD = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1 ? 0 : 1;
const HIGH_WORD = 1 - LOW_WORD;

/**
 * A reading or a difference of readings as a number, exact to 2^53 ns (104 days).
 *
 * Read as two words out of a typed array, which lets V8 keep a bigint in a register: `Number(end - start)` makes one on the heap, which costs more
 * than reading the clock's other end.
 */
export function nanoseconds(reading: bigint): number {
  words[0] = reading;
  return (signedWords[HIGH_WORD] as number) * 2 ** 32 + (unsignedWords[LOW_WORD] as number);
}

/** The time between two readings, in seconds; exact to the nanosecond for differences up to 104 days. */
export function secondsBetween(start: bigint, end: bigint): number {
  return nanoseconds(end - start) * 1e-9;
}

/** The wall clock, in seconds since 1970. */
export function wallClockSeconds(): number {
  return Date.now() / 1000;
}
