/** Runs the scheduled tasks of one application. */
import type { FastifyBaseLogger } from 'fastify';
import type { TaskContexts } from '../context/task-contexts.js';
import { nearest } from '../errors/nearest.js';
import { earlierOf, type TaskDuty } from './duty.js';
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
  /** If several processes run the application: tells when this one is to run the tasks that run in one of them only. */
  readonly duty?: TaskDuty | undefined;
}

/** The scheduler. While it is started, its timers keep the process alive. */
export class TaskScheduler implements Scheduler {
  readonly #tasks = new Map<string, { readonly task: Task; readonly timer: TaskTimer; readonly isShared: boolean }>();
  readonly #enabled: boolean;
  readonly #duty: TaskDuty | undefined;
  #stopped = false;

  /** @throws TSK_ERR_SCHEDULING_DUPLICATE if two tasks have one name. */
  constructor({ tasks, wrappers = [], contexts, logger, enabled = true, duty }: TaskSchedulerParts) {
    this.#enabled = enabled;
    this.#duty = duty;
    for (const scheduled of tasks) {
      const { name } = scheduled.definition;
      const other = this.#tasks.get(name);
      if (other !== undefined) throw taskDuplicate(name, [other.task.definition, scheduled.definition]);
      const task = new Task(scheduled, { wrappers, contexts });
      const isShared = duty !== undefined && !scheduled.perWorker;
      const onRun = isShared ? duty.ran.bind(duty, name) : undefined;
      this.#tasks.set(name, { task, timer: new TaskTimer(task, { logger, onRun }), isShared });
    }
  }

  get tasks(): readonly TaskState[] {
    return [...this.#tasks.values()].map(({ task, timer }) => task.state(timer.nextRun));
  }

  /** Starts the schedules. Does nothing if the scheduler is disabled, already started or stopped. */
  start(): void {
    if (!this.#enabled || this.#stopped) return;
    for (const { timer, isShared } of this.#tasks.values()) if (!isShared) timer.start();
    this.#duty?.onElected((handover) => {
      if (this.#stopped) return;
      for (const [name, { timer, isShared }] of this.#tasks) if (isShared) timer.start(earlierOf(name, handover));
    });
  }

  /** Ends the schedules permanently, and resolves when the running tasks have ended, successfully or not. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const ceasedMs = Date.now();
    for (const { timer } of this.#tasks.values()) timer.stop();
    await Promise.allSettled([...this.#tasks.values()].map(({ task }) => task.current));
    this.#duty?.resign(ceasedMs);
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
