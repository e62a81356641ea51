/** The public interface of the scheduler. */

import type { ComponentDefinition } from '../components/definition.js';
import type { TaskLeaseState } from './fleet/lease-store.js';

/** A scheduled task, as it was declared. */
export interface TaskDefinition {
  /** `<Component>.<method>`, or the `name` option of `@Scheduled`. It is the `task` label of its metrics. */
  readonly name: string;
  /** A description of the trigger: `every 10 s`, `10 s after the last run`, `cron "0 0 * * * *" (Europe/Berlin)`. */
  readonly trigger: string;
  /** The component the task's method belongs to. */
  readonly component: ComponentDefinition;
  /** The name of the method that runs. */
  readonly method: string;
}

/** The current state of a scheduled task. Times are in ISO 8601 format, and null until there is one. */
export interface TaskState {
  readonly name: string;
  readonly trigger: string;
  readonly running: boolean;
  readonly executions: number;
  readonly failures: number;
  readonly lastRun: string | null;
  readonly lastDurationMs: number | null;
  /** The message of the last run's error, unfiltered: it may contain secrets. */
  readonly lastError: string | null;
  /** The class name of the last run's error. */
  readonly lastErrorType: string | null;
  readonly nextRun: string | null;
}

/** The scheduler of one application. */
export interface Scheduler {
  readonly tasks: readonly TaskState[];
  /** The leases of the tasks with `once: 'fleet'`, as this instance knows them. */
  readonly leases: readonly TaskLeaseState[];
  /**
   * Runs a task now, outside its schedule, and settles with it. If the task is running already, joins that run.
   * @throws TSK_ERR_SCHEDULING_UNKNOWN_TASK, TSK_ERR_SCHEDULING_STOPPED, and TSK_ERR_SCHEDULING_ELSEWHERE for a task with `once: 'fleet'`
   */
  run(name: string): Promise<void>;
}
