/** Decides when a task is due. */

/** Reads a clock in milliseconds. */
export type Clock = () => number;

/** The wall clock, which can be changed. */
export const wallClock: Clock = () => Date.now();

/** A clock that only goes forward, for intervals. */
export const steadyClock: Clock = () => performance.now();

/** Computes when a task is due, in milliseconds of the trigger's own clock. */
export interface Trigger {
  /** A description for users: `every 10 s`. */
  readonly description: string;
  readonly clock: Clock;
  /** Whether the next run is due some time after the last one ended, instead of at fixed times. */
  readonly waitsForEnd: boolean;
  first(nowMs: number): number | undefined;
  /** The next time after a run was due (or, with `waitsForEnd`, has ended); undefined for never again. */
  next(dueMs: number, nowMs: number): number | undefined;
}

/** Due at a fixed rate, in milliseconds, without drift. Times that passed during a long run are skipped. */
export function fixedRateTrigger(intervalMs: number, initialDelayMs: number): Trigger {
  return {
    description: `every ${describeDuration(intervalMs)}`,
    clock: steadyClock,
    waitsForEnd: false,
    first: (nowMs) => nowMs + initialDelayMs,
    next: (dueMs, nowMs) => dueMs + intervalMs * Math.max(1, Math.floor((nowMs - dueMs) / intervalMs) + 1),
  };
}

/** Due a fixed delay after the last run has ended, in milliseconds. */
export function fixedDelayTrigger(delayMs: number, initialDelayMs: number): Trigger {
  return {
    description: `${describeDuration(delayMs)} after the last run`,
    clock: steadyClock,
    waitsForEnd: true,
    first: (nowMs) => nowMs + initialDelayMs,
    next: (_dueMs, nowMs) => nowMs + delayMs,
  };
}

/** The part of croner that computes times, without its timers. */
export interface CronTimes {
  nextRun(after: Date): Date | null;
}

/** Due when a cron expression matches. */
export function cronTrigger(description: string, times: CronTimes): Trigger {
  const after = (nowMs: number): number | undefined => times.nextRun(new Date(nowMs))?.getTime();
  return {
    description,
    clock: wallClock,
    waitsForEnd: false,
    first: after,
    // A timer may fire a little too early; the due time is then the later of the two.
    next: (dueMs, nowMs) => after(Math.max(dueMs, nowMs)),
  };
}

const UNITS = [
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
] as const;

function describeDuration(durationMs: number): string {
  const [sizeMs, unit] = UNITS.find(([size]) => durationMs % size === 0) ?? [1, 'ms'];
  return `${durationMs / sizeMs} ${unit}`;
}
