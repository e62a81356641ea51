/** The channels that core itself uses between the primary and its workers. */

/** Worker to primary: a `WorkerReport`. */
export const REPORTS = 'tsukimi:reports';

/** Primary to worker: a `StopWish`. */
export const STOPS = 'tsukimi:stops';

/** Worker to primary, as a question: whether the primary has seen all that this worker sent before. */
export const SYNCS = 'tsukimi:syncs';

/** Primary to worker: a `TasksElected`. Worker to primary: a `TaskMessage`. */
export const TASKS = 'tsukimi:tasks';

/** Last words of a worker that could not start, or that ended by an error: a `StartFailure` as JSON. */
export const FAILURE = 'tsukimi:failure';

/** How far a worker is. */
export type WorkerReport =
  /** It listens. `stopLimitMs` is how long its stop takes at most. */
  | { readonly is: 'ready'; readonly stopLimitMs: number }
  /** The program has closed the application, so the worker is not needed any more. */
  | { readonly is: 'closed' };

/** Asks a worker to stop. */
export interface StopWish {
  /** Why, for the log: `SIGTERM`. */
  readonly reason: string;
  /** Whether another worker has taken over, so that the connections can be left to their clients for a while. */
  readonly isReplaced: boolean;
  /** Whether the primary has ended: no new connection comes, so nobody needs to be told that this worker is not ready. */
  readonly isOrphaned?: boolean;
}

/** Why a worker ended. */
export interface StartFailure {
  /** For the user: one line for a mistake, or an error with its stack. */
  readonly text: string;
  /** Whether it is a mistake that another start can't fix, such as a wrong value in the configuration. */
  readonly isMistake: boolean;
}
