/** Runs the scheduled tasks of one application. */
import type { FastifyBaseLogger } from 'fastify';
import { nearest } from '../errors/nearest.js';
import { schedulerStopped, taskDuplicate, taskUnknown } from './errors.js';
import type { Scheduler, TaskState } from './scheduler.js';
import { type ScheduledTask, Task, type TaskWrapper } from './task.js';
import { TaskTimer } from './task-timer.js';

/** What a scheduler is made from. */
export interface TaskSchedulerParts {
  readonly tasks: readonly ScheduledTask[];
  /** Around each run of each task; the first is the outermost. */
  readonly wrappers?: readonly TaskWrapper[];
  readonly logger: FastifyBaseLogger;
  /** `scheduler.enabled`: without it tasks are listed and can be run by hand, but have no schedule. True unless given. */
  readonly enabled?: boolean;
}

/** The scheduler; while started, its timers keep the process alive. */
export class TaskScheduler implements Scheduler {
  readonly #tasks = new Map<string, { readonly task: Task; readonly timer: TaskTimer }>();
  readonly #enabled: boolean;
  #stopped = false;

  /** @throws TSK_ERR_SCHEDULING_DUPLICATE where two tasks have one name. */
  constructor({ tasks, wrappers = [], logger, enabled = true }: TaskSchedulerParts) {
    this.#enabled = enabled;
    for (const scheduled of tasks) {
      const { name } = scheduled.definition;
      const other = this.#tasks.get(name);
      if (other !== undefined) throw taskDuplicate(name, [other.task.definition, scheduled.definition]);
      const task = new Task(scheduled, wrappers);
      this.#tasks.set(name, { task, timer: new TaskTimer(task, logger) });
    }
  }

  get tasks(): readonly TaskState[] {
    return [...this.#tasks.values()].map(({ task, timer }) => task.state(timer.nextRun));
  }

  /** Starts the schedules; does nothing where the scheduler is disabled, started or stopped. */
  start(): void {
    if (!this.#enabled || this.#stopped) return;
    for (const { timer } of this.#tasks.values()) timer.start();
  }

  /** Ends the schedules for good, and resolves when the tasks that are running have ended, well or not. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const { timer } of this.#tasks.values()) timer.stop();
    await Promise.allSettled([...this.#tasks.values()].map(({ task }) => task.current));
  }

  /**
   * Runs a task now, outside its schedule, and settles with it; joins the run that is going on, if there is one.
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
