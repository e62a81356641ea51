/** The clocks: an injected one for durations, so that tests control the time; one for users' own timers; and the wall clock for timestamps. */
import { performance } from 'node:perf_hooks';

/** A monotonic clock in nanoseconds. Only differences between its readings have a meaning. */
export type Clock = () => bigint;

/**
 * The process's monotonic clock, which is the cheapest of Node's clocks to read, at about 28 ns. It is the real clock even if a test fakes
 * `process.hrtime`, before or after this module is loaded.
 */
export const processClock: Clock = realClock();

function realClock(): Clock {
  if (!standsStill(process.hrtime.bigint)) return process.hrtime.bigint;
  // @sinonjs/fake-timers fakes `performance` everywhere, and keeps what it has replaced on its clock.
  const { clock } = globalThis.setTimeout as { readonly clock?: { readonly _hrtime?: { readonly bigint?: Clock } } };
  return clock?._hrtime?.bigint ?? (() => BigInt(Math.round(performance.now() * 1e6)));
}

/** Reads the current `process.hrtime`, so that a test that fakes the time also controls the timers of the code it tests. */
export const timerClock: Clock = () => {
  const { hrtime } = process;
  if (typeof hrtime.bigint === 'function') return hrtime.bigint();
  const [seconds, nanoseconds] = hrtime();
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
};

/** Whether a clock is a test's fake: a real clock advances within a few hundred nanoseconds. */
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
 * Converts a reading, or a difference of readings, to a number. Exact to 2^53 ns (104 days).
 *
 * Reads two words of a typed array, which lets V8 keep the bigint in a register. `Number(end - start)` allocates a bigint on the heap, which costs
 * more than a second reading of the clock.
 */
export function nanoseconds(reading: bigint): number {
  words[0] = reading;
  return (signedWords[HIGH_WORD] as number) * 2 ** 32 + (unsignedWords[LOW_WORD] as number);
}

/** Returns the time between two readings, in seconds. Exact to the nanosecond for differences up to 104 days. */
export function secondsBetween(start: bigint, end: bigint): number {
  return nanoseconds(end - start) * 1e-9;
}

/** The wall clock, in seconds since 1970. */
export function wallClockSeconds(): number {
  return Date.now() / 1000;
}
