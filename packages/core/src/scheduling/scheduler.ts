/** The scheduled tasks of one application, as extensions and endpoints see them. */

import type { ComponentDefinition } from '../components/definition.js';

/** A scheduled task, as it was declared. */
export interface TaskDefinition {
  /** `<Component>.<method>`, or the name given to `@Scheduled`; `task` label of its metrics. */
  readonly name: string;
  /** The trigger as text for people: `every 10 s`, `10 s after the last run`, `cron "0 0 * * * *" (Europe/Berlin)`. */
  readonly trigger: string;
  /** The component the task's method belongs to. */
  readonly component: ComponentDefinition;
  /** The name of the method that runs. */
  readonly method: string;
}

/** A scheduled task, as it is now. Times are ISO 8601; null until there is one. */
export interface TaskState {
  readonly name: string;
  readonly trigger: string;
  readonly running: boolean;
  readonly executions: number;
  readonly failures: number;
  readonly lastRun: string | null;
  readonly lastDurationMs: number | null;
  /** The message of what the last run failed with: whatever the program wrote there, secrets too. */
  readonly lastError: string | null;
  /** The class of what the last run failed with. */
  readonly lastErrorType: string | null;
  readonly nextRun: string | null;
}

/** The scheduler of one application. */
export interface Scheduler {
  readonly tasks: readonly TaskState[];
  /** Runs a task now, outside its schedule, and settles with it. */
  run(name: string): Promise<void>;
}
