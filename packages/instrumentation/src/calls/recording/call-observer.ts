/** The interface by which an application sees its measured calls. */

/** A measured method. */
export interface ObservedMethod {
  /** Value of the `component` label. */
  readonly component: string;
  readonly method: string;
}

/** A call of a measured method. */
export interface ObservedCall extends ObservedMethod {
  /** The arguments as they were passed, only for observers with `wantsArguments`. */
  readonly args: readonly unknown[] | undefined;
}

/** A call that is over, as its metrics see it. */
export interface CompletedCall extends ObservedCall {
  /** From the call until it returned, settled or was run to its end, in seconds. */
  readonly durationSeconds: number;
  readonly status: 'success' | 'failure';
  /** What was thrown or rejected with; undefined after a success, and for an observer without `error` where the error was not caught. */
  readonly error: unknown;
}

/**
 * Observes measured calls. All functions are called synchronously, so they must be fast. What they throw breaks no call, and is reported once
 * (`TSK_ERR_OBSERVER_CALL`). Measured calls that an observer itself makes are not observed.
 */
export interface CallObserver {
  /** Asked once for each method when it is wired; false leaves out its calls, which then cost nothing. All methods are observed by default. */
  observes?(method: ObservedMethod): boolean;
  /**
   * Whether calls have their arguments. They are copied and kept until the call is over.
   * @default false
   */
  readonly wantsArguments?: boolean;
  /** A call begins; the method has not run yet. */
  began?(call: ObservedCall): void;
  /** A call has failed. Called before `ended`. */
  error?(call: CompletedCall): void;
  /** A call is over, successful or not. Called once for each call. */
  ended?(call: CompletedCall): void;
}
