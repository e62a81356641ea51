/** Decides when a task is due. */
import type { Earlier } from './duty.js';

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
  /** The first time; with `earlier`, it continues what another process has begun. */
  first(nowMs: number, earlier?: Earlier): number | undefined;
  /** The next time after a run was due (or, with `waitsForEnd`, has ended); undefined for never again. */
  next(dueMs: number, nowMs: number): number | undefined;
}

/** Due at a fixed rate, in milliseconds, without drift. Times that passed during a long run are skipped. */
export function fixedRateTrigger(intervalMs: number, initialDelayMs: number): Trigger {
  return {
    description: `every ${describeDuration(intervalMs)}`,
    clock: steadyClock,
    waitsForEnd: false,
    first: (nowMs, earlier) =>
      earlier?.startedAgoMs === undefined ? nowMs + initialDelayMs : nowMs + Math.max(0, intervalMs - earlier.startedAgoMs),
    next: (dueMs, nowMs) => dueMs + intervalMs * Math.max(1, Math.floor((nowMs - dueMs) / intervalMs) + 1),
  };
}

/** Due a fixed delay after the last run has ended, in milliseconds. */
export function fixedDelayTrigger(delayMs: number, initialDelayMs: number): Trigger {
  return {
    description: `${describeDuration(delayMs)} after the last run`,
    clock: steadyClock,
    waitsForEnd: true,
    first: (nowMs, earlier) => {
      if (earlier?.startedAgoMs === undefined) return nowMs + initialDelayMs;
      // A run that was cut off ended with its process.
      return nowMs + Math.max(0, delayMs - (earlier.endedAgoMs ?? earlier.ceasedAgoMs ?? 0));
    },
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
    first: (nowMs, earlier) => after(nowMs - missableMs(earlier)),
    // A timer may fire a little too early; the due time is then the later of the two.
    next: (dueMs, nowMs) => after(Math.max(dueMs, nowMs)),
  };
}

// Its process may have ended a little before others noticed.
const UNNOTICED_MS = 2000;

/** How far back a time is one that no process has seen. */
function missableMs({ ceasedAgoMs, firstAgoMs, startedAgoMs }: Partial<Earlier> = {}): number {
  if (ceasedAgoMs === undefined) return 0;
  return Math.min(ceasedAgoMs + UNNOTICED_MS, startedAgoMs ?? firstAgoMs ?? 0);
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
