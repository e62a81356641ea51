/** The interface between wrappers and recorders. All times are in nanoseconds of the clock. */
import type { Clock } from '@tsukimi/metrics';

/** Records calls. Each call begins once and ends once. */
export interface CallRecorder {
  /** The clock that is read once for each call, when it begins. */
  readonly begins: Clock;
  /** The clock for all other readings. */
  readonly clock: Clock;
  /** Whether `failed` needs the thrown error. Only then are errors caught, because an uncaught error is shown at the line that last threw it. */
  readonly wantsThrown: boolean;
  /**
   * Records that a call that began at `start` has returned or fulfilled.
   * @param result the result of the call; undefined if it is unknown
   */
  succeeded(start: number, result?: unknown): void;
  /** Records a success whose end was found later. */
  succeededWithin(start: number, end: number): void;
  /** Records that a call that began at `start` has thrown or rejected. */
  failed(start: number, reason: unknown): void;
  /** Records that a call that began at `start` has thrown an error that was not caught. */
  failedUnseen(start: number): void;
  /** Records a call whose begin, end and outcome are known. */
  endedWithin(start: number, end: number, outcome: CallOutcome): void;
  /** Runs a part of the call in its own context; undefined if calls have none. */
  enter?<R>(act: () => R): R;
  /**
   * Returns the recorder of one call, for methods whose arguments an observer needs. Arguments of other methods are not kept.
   * @param values the arguments as they were passed
   */
  readonly forCall?: ((values: ArrayLike<unknown>) => CallRecorder) | undefined;
}

/** How a call ended. */
export interface CallOutcome {
  readonly hasFailed: boolean;
  readonly error?: unknown;
  readonly result?: unknown;
}

/** A call that has ended: its arguments, and what it returned or failed with. */
export interface EndedCall {
  readonly args: readonly unknown[];
  readonly status: 'success' | 'failure';
  readonly result?: unknown;
  readonly error?: unknown;
}

/** Observes the calls of one method, in addition to its series. Must not throw. */
export interface MethodObserver {
  /** Whether the observer needs the errors of calls, which are only caught in that case. */
  readonly wantsErrors?: boolean;
  /** @param args the arguments, if an observer of the method needs them */
  began?(args: readonly unknown[] | undefined): void;
  ended?(durationNanoseconds: number, hasFailed: boolean, error: unknown): void;
  /** Like the above, with the call itself. Arguments are only kept until the end of a call if an observer needs them. */
  endedCall?(durationNanoseconds: number, call: EndedCall): void;
}

/** A method of a component's instances. */
export interface ObservableMethod {
  readonly prototype: object;
  /** Value of the `component` label. */
  readonly component: string;
  readonly method: string;
  /** Whether its calls are recorded in series of its own. */
  readonly isMeasured: boolean;
  /** Whether the method counts for the objective of its class. */
  readonly countsForClass: (method: string) => boolean;
}

/** Returns the observers of a method. Called when instances are wired. */
export type FindObservers = (method: ObservableMethod) => readonly MethodObserver[];
