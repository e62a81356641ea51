/** Runs the scheduled tasks of one application. */
import type { FastifyBaseLogger } from 'fastify';
import type { TaskContexts } from '../context/task-contexts.js';
import { nearest } from '../errors/nearest.js';
import { schedulerStopped, taskDuplicate, taskUnknown } from './errors.js';
import type { Scheduler, TaskState } from './scheduler.js';
import { type ScheduledTask, Task, type TaskWrapper } from './task.js';
import { TaskTimer } from './task-timer.js';

/** Options of a scheduler. */
export interface TaskSchedulerParts {
  readonly tasks: readonly ScheduledTask[];
  /** Wrappers around each run of each task, the outermost first. */
  readonly wrappers?: readonly TaskWrapper[];
  /** Opens the context of each run; undefined if the context is off. */
  readonly contexts?: TaskContexts | undefined;
  readonly logger: FastifyBaseLogger;
  /**
   * `scheduler.enabled`. If false, tasks are listed and can be run manually, but do not run on their schedules.
   * @default true
   */
  readonly enabled?: boolean;
}

/** The scheduler. While it is started, its timers keep the process alive. */
export class TaskScheduler implements Scheduler {
  readonly #tasks = new Map<string, { readonly task: Task; readonly timer: TaskTimer }>();
  readonly #enabled: boolean;
  #stopped = false;

  /** @throws TSK_ERR_SCHEDULING_DUPLICATE if two tasks have one name. */
  constructor({ tasks, wrappers = [], contexts, logger, enabled = true }: TaskSchedulerParts) {
    this.#enabled = enabled;
    for (const scheduled of tasks) {
      const { name } = scheduled.definition;
      const other = this.#tasks.get(name);
      if (other !== undefined) throw taskDuplicate(name, [other.task.definition, scheduled.definition]);
      const task = new Task(scheduled, { wrappers, contexts });
      this.#tasks.set(name, { task, timer: new TaskTimer(task, logger) });
    }
  }

  get tasks(): readonly TaskState[] {
    return [...this.#tasks.values()].map(({ task, timer }) => task.state(timer.nextRun));
  }

  /** Starts the schedules. Does nothing if the scheduler is disabled, already started or stopped. */
  start(): void {
    if (!this.#enabled || this.#stopped) return;
    for (const { timer } of this.#tasks.values()) timer.start();
  }

  /** Ends the schedules permanently, and resolves when the running tasks have ended, successfully or not. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { timer } of this.#tasks.values()) timer.stop();
    await Promise.allSettled([...this.#tasks.values()].map(({ task }) => task.current));
  }

  /**
   * Runs a task now, outside its schedule, and settles with it; joins the current run if there is one.
   *
   * @throws TSK_ERR_SCHEDULING_UNKNOWN_TASK, and TSK_ERR_SCHEDULING_STOPPED after `stop`.
   */
  async run(name: string): Promise<void> {
    const entry = this.#tasks.get(name);
    if (entry === undefined) throw taskUnknown(name, { known: [...this.#tasks.keys()], nearest: nearest(name, this.#tasks.keys()) });
    if (this.#stopped) throw schedulerStopped(name);
    await entry.task.run();
  }
}
