/** Runs the scheduled tasks of one application. */
import type { FastifyBaseLogger } from 'fastify';
import type { TaskContexts } from '../context/task-contexts.js';
import { nearest } from '../errors/nearest.js';
import { earlierOf, type TaskDuty } from './duty.js';
import { leaseElsewhere, leaseStoreMissing, leaseStoreTwice, schedulerStopped, taskDuplicate, taskUnknown } from './errors.js';
import type { LeaseStore, TaskLeaseState } from './fleet/lease-store.js';
import { TaskLease } from './fleet/task-lease.js';
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
  readonly #logger: FastifyBaseLogger;
  readonly #leaseMs = new Map<string, number>();
  #store: LeaseStore | undefined;
  #stopped = false;

  /** @throws TSK_ERR_SCHEDULING_DUPLICATE if two tasks have one name. */
  constructor({ tasks, wrappers = [], contexts, logger, enabled = true, duty }: TaskSchedulerParts) {
    this.#enabled = enabled;
    this.#duty = duty;
    this.#logger = logger;
    for (const scheduled of tasks) {
      const { name } = scheduled.definition;
      const other = this.#tasks.get(name);
      if (other !== undefined) throw taskDuplicate(name, [other.task.definition, scheduled.definition]);
      const task = new Task(scheduled, { wrappers, contexts });
      const isShared = duty !== undefined && !scheduled.perWorker;
      const onRun = isShared ? duty.ran.bind(duty, name) : undefined;
      if (scheduled.leaseMs !== undefined) this.#leaseMs.set(name, scheduled.leaseMs);
      this.#tasks.set(name, { task, timer: new TaskTimer(task, { logger, onRun }), isShared });
    }
  }

  get tasks(): readonly TaskState[] {
    return [...this.#tasks.values()].map(({ task, timer }) => task.state(timer.nextRun));
  }

  get leases(): readonly TaskLeaseState[] {
    return [...this.#tasks.values()].flatMap(({ task: { definition, lease, skipped } }) => {
      if (lease === undefined) return [];
      const heldMs = lease.heldMs ?? null;
      return [{ task: definition.name, isHeld: heldMs !== null, heldMs, skipped }];
    });
  }

  /** Sets where leases are kept. @throws TSK_ERR_SCHEDULING_LEASE_STORE if there is one already */
  useLeaseStore(store: LeaseStore): void {
    if (this.#store !== undefined) throw leaseStoreTwice(this.#store.name, store.name);
    this.#store = store;
  }

  /**
   * Creates the leases of tasks that run once in a fleet, when all extensions are configured.
   * @param application the name of the application, which all instances share
   * @throws TSK_ERR_SCHEDULING_LEASE_STORE
   */
  prepareLeases(application: string): void {
    for (const [name, leaseMs] of this.#leaseMs) {
      const entry = this.#tasks.get(name);
      if (this.#store === undefined) throw leaseStoreMissing(name);
      if (entry === undefined) continue;
      const parts = { store: this.#store, name: `${application}/${name}`, task: name, leaseMs, logger: this.#logger };
      entry.task.lease = new TaskLease(parts);
    }
  }

  /** Starts the schedules. Does nothing if the scheduler is disabled, already started or stopped. */
  start(): void {
    if (!this.#enabled || this.#stopped) return;
    for (const { task, timer, isShared } of this.#tasks.values()) if (!isShared) startTask(task, timer);
    this.#duty?.onElected((handover) => {
      if (this.#stopped) return;
      for (const [name, { task, timer, isShared }] of this.#tasks) if (isShared) startTask(task, timer, earlierOf(name, handover));
    });
  }

  /** Ends the schedules permanently, and resolves when the running tasks have ended, successfully or not. */
  async stop(): Promise<void> {
    this.#stopped = true;
    const ceasedMs = Date.now();
    for (const { timer } of this.#tasks.values()) timer.stop();
    const tasks = [...this.#tasks.values()].map(({ task }) => task);
    for (const { lease } of tasks) lease?.endRuns();
    await Promise.allSettled(tasks.map(({ current }) => current));
    // Before another worker is elected, which then gets the leases at once.
    await Promise.all(tasks.map(({ lease }) => lease?.stop()));
    this.#duty?.resign(ceasedMs);
  }

  /** The shutdown no longer waits for the running tasks. */
  abandonRuns(): void {
    for (const { task } of this.#tasks.values()) task.lease?.abandonRun();
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
    if (!(await entry.task.runIfHeld())) throw leaseElsewhere(name);
  }
}

function startTask(task: Task, timer: TaskTimer, ...earlier: Parameters<TaskTimer['start']>): void {
  task.lease?.start();
  timer.start(...earlier);
}
