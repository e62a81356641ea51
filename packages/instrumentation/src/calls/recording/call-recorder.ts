/** What a wrapper tells of its calls, and to whom. Times are nanoseconds of the clock. */
import type { Clock } from '@tsukimi/metrics';

/** Each call begins once and ends once. */
export interface CallRecorder {
  /** Read once for each call, when it begins. */
  readonly begins: Clock;
  /** For every other reading. */
  readonly clock: Clock;
  /** Whether `failed` is to know what a call threw. Only then is it caught: what nobody catches is displayed at the line that throws it last. */
  readonly wantsThrown: boolean;
  /**
   * A call that began at `start` has returned or fulfilled.
   * @param result what with; undefined if nobody knows
   */
  succeeded(start: number, result?: unknown): void;
  /** A call has turned out a success, after the fact. */
  succeededWithin(start: number, end: number): void;
  /** A call that began at `start` has thrown or rejected. */
  failed(start: number, reason: unknown): void;
  /** A call that began at `start` has thrown something that was not caught. */
  failedUnseen(start: number): void;
  /**
   * The recorder of one call, for a method whose arguments somebody wants to see; of others they are not kept.
   * @param values the arguments as they were passed
   */
  readonly forCall?: ((values: ArrayLike<unknown>) => CallRecorder) | undefined;
}

/** A call that has ended: its arguments, and what it returned or failed with. */
export interface EndedCall {
  readonly args: readonly unknown[];
  readonly status: 'success' | 'failure';
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Sees the calls of one method, beside the series that every measured method has. Must not throw. */
export interface CallObserver {
  /** Whether it wants to know what a call failed with: only then is that caught. */
  readonly wantsErrors?: boolean;
  began?(): void;
  ended?(durationNanoseconds: number, hasFailed: boolean, error: unknown): void;
  /** The same with the call itself: only where somebody has this are arguments kept until a call is over. */
  endedCall?(durationNanoseconds: number, call: EndedCall): void;
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
