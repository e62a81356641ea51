/** The clock that durations are read from; injected, so that tests own the time. */

/** A monotonic clock in nanoseconds; only differences between its readings mean anything. */
export type Clock = () => bigint;

/** The process's monotonic clock: of Node's clocks the cheapest to read, about 28 ns. */
export const processClock: Clock = process.hrtime.bigint;

/** The time between two readings, in seconds. */
export function secondsBetween(start: bigint, end: bigint): number {
  return Number(end - start) * 1e-9;
}
