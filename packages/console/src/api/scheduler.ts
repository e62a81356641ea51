/** The answer for the scheduler. */
import type { Latency, Span } from './common.js';

/** `GET scheduler`; `GET live?view=scheduler`. */
export interface SchedulerState {
  readonly now: number;
  readonly span: Span;
  readonly tasks: TaskRow[];
}

export interface TaskRow {
  /** The name. */
  readonly key: string;
  readonly trigger: string;
  readonly isRunning: boolean;
  readonly executions: number;
  readonly failures: number;
  readonly nextRun: number | null;
  readonly lastRun: number | null;
  readonly lastDuration: number | null;
  /** The class of the last run's error. */
  readonly lastError: string | null;
  /** In the range. */
  readonly latency: Latency;
  /** Newest first, as far as the history goes. */
  readonly runs: TaskRun[];
}

export interface TaskRun {
  /** The end, as exact as the history is there. */
  readonly at: number;
  /** Mean if several ended in one step. */
  readonly duration: number | null;
  readonly succeeded: number;
  readonly failed: number;
}
