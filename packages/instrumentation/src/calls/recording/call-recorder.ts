/** What a wrapper tells of its calls, and to whom. Times are nanoseconds of the clock. */
import type { Clock } from '@tsukimi/metrics';
import type { AnyFunction } from '../functions/method-kind.js';

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
  /**
   * A call that began at `start` has thrown or rejected.
   * @param reason of a rejection; what was thrown is caught only where somebody wants it, by `noting`
   */
  failed(start: number, reason?: unknown): void;
  /** What to call in place of a function so that `failed` knows what that throws: the function itself, where nobody wants to know. */
  noting(original: AnyFunction): AnyFunction;
}

/** Sees the calls of one method, beside the series that every measured method has. Must not throw. */
export interface CallObserver {
  /** Whether it wants to know what a call failed with: only then is that caught. */
  readonly wantsErrors?: boolean;
  began?(): void;
  ended(durationNanoseconds: number, hasFailed: boolean, error: unknown): void;
}

/** A method of a component's instances. */
export interface ObservableMethod {
  readonly prototype: object;
  /** Value of the `component` label. */
  readonly component: string;
  readonly method: string;
  /** Whether the method counts for what its class asks for over all of them. */
  readonly countsForClass: (method: string) => boolean;
}

/** Who else wants to see the calls of a method; asked when instances are wired. */
export type FindObservers = (method: ObservableMethod) => readonly CallObserver[];
