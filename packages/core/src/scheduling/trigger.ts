/** Decides when a task is due. */

/** Reads a clock in milliseconds. */
export type Clock = () => number;

/** The wall clock, which may be set. */
export const wallClock: Clock = () => Date.now();

/** A clock that only goes forward, for intervals. */
export const steadyClock: Clock = () => performance.now();

/** When a task is due, in the milliseconds of the trigger's own clock. */
export interface Trigger {
  /** For people: `every 10 s`. */
  readonly description: string;
  readonly clock: Clock;
  /** The next run is due after the last one ended, not at fixed times. */
  readonly waitsForEnd: boolean;
  first(nowMs: number): number | undefined;
  /** The next time after a run was due (or, with `waitsForEnd`, has ended); undefined for never again. */
  next(dueMs: number, nowMs: number): number | undefined;
}

/** Due every so many milliseconds, keeping its phase: times that have passed meanwhile are left out. */
export function fixedRateTrigger(intervalMs: number, initialDelayMs: number): Trigger {
  return {
    description: `every ${describeDuration(intervalMs)}`,
    clock: steadyClock,
    waitsForEnd: false,
    first: (nowMs) => nowMs + initialDelayMs,
    next: (dueMs, nowMs) => dueMs + intervalMs * Math.max(1, Math.floor((nowMs - dueMs) / intervalMs) + 1),
  };
}

/** Due so many milliseconds after the last run has ended. */
export function fixedDelayTrigger(delayMs: number, initialDelayMs: number): Trigger {
  return {
    description: `${describeDuration(delayMs)} after the last run`,
    clock: steadyClock,
    waitsForEnd: true,
    first: (nowMs) => nowMs + initialDelayMs,
    next: (_dueMs, nowMs) => nowMs + delayMs,
  };
}

/** The part of a cron job that says when: croner's, without its timers. */
export interface CronTimes {
  nextRun(after: Date): Date | null;
}

/** Due when a cron expression says so. */
export function cronTrigger(description: string, times: CronTimes): Trigger {
  const after = (nowMs: number): number | undefined => times.nextRun(new Date(nowMs))?.getTime();
  return {
    description,
    clock: wallClock,
    waitsForEnd: false,
    first: after,
    // A timer may fire a little before its time; the time it was due is then the later one.
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
