/** What a wrapper tells of its calls, and to whom. Times are nanoseconds of the clock. */
import type { Clock } from '@tsukimi/metrics';

/** Each call begins once and ends once. */
export interface CallRecorder {
  /** Read once for each call, when it begins. */
  readonly begins: Clock;
  /** For every other reading. */
  readonly clock: Clock;
  /** A call that began at `start` has returned or fulfilled. */
  succeeded(start: number): void;
  /** A call has turned out a success, after the fact. */
  succeededWithin(start: number, end: number): void;
  /** A call that began at `start` has thrown or rejected. */
  failed(start: number): void;
}

/** Sees the calls of one method, beside the series that every measured method has. Must not throw. */
export interface CallObserver {
  began?(): void;
  ended(durationSeconds: number, hasFailed: boolean): void;
}

/** Who else wants to see the calls of a method of a prototype's instances; asked when they are wired. */
export type FindObservers = (prototype: object, method: string) => readonly CallObserver[];
