/** One scheduled task. It runs its method, never twice at once, and remembers the outcome. */
import type { OpenContext } from '../context/open-context.js';
import type { TaskContexts } from '../context/task-contexts.js';
import { thrownMessage, thrownType } from '../errors/thrown.js';
import type { TaskRun } from './fleet/lease-store.js';
import type { TaskLease } from './fleet/task-lease.js';
import type { TaskDefinition, TaskState } from './scheduler.js';
import type { Trigger } from './trigger.js';

/** A wrapper around each run. It must call `run` once and settle like its promise. */
export type TaskWrapper = (definition: TaskDefinition, run: () => Promise<void>) => Promise<void>;

/** What each run of a task is wrapped in. */
export interface AroundRuns {
  /** Wrappers around each run, the outermost first. */
  readonly wrappers: readonly TaskWrapper[];
  /** Opens the context of each run; undefined if the context is off. */
  readonly contexts?: TaskContexts | undefined;
}

/** Options of a task. */
export interface ScheduledTask {
  readonly definition: TaskDefinition;
  readonly trigger: Trigger;
  /** Whether each process of the application runs it, and not one for all. */
  readonly perWorker: boolean;
  /** Calls the component's method. */
  readonly invoke: (run?: TaskRun) => unknown;
  /** How long the lease of a task with `once: 'fleet'` is valid, in milliseconds; undefined for other tasks. */
  readonly leaseMs?: number | undefined;
}

/** A task, and the outcome of its last run. */
export class Task {
  readonly definition: TaskDefinition;
  readonly trigger: Trigger;
  readonly #runOnce: () => Promise<void>;
  /** The lease, if the task runs once in a fleet. */
  lease: TaskLease | undefined;
  #skipped = 0;
  #given: TaskRun | undefined;
  #current: Promise<void> | undefined;
  #executions = 0;
  #failures = 0;
  #lastRun: string | null = null;
  #lastDurationMs: number | null = null;
  #lastError: string | null = null;
  #lastErrorType: string | null = null;

  readonly #contexts: TaskContexts | undefined;
  #lastContext: OpenContext | undefined;

  /** @param around what each run is wrapped in, the outermost first. */
  constructor({ definition, trigger, invoke }: ScheduledTask, { wrappers, contexts }: AroundRuns) {
    this.definition = definition;
    this.trigger = trigger;
    this.#contexts = contexts;
    this.#runOnce = wrappers.reduceRight<() => Promise<void>>(
      (run, around) => async () => around(definition, run),
      async () => {
        await invoke(this.#given);
      },
    );
  }

  /** The current run; undefined if there is none. */
  get current(): Promise<void> | undefined {
    return this.#current;
  }

  /** Due runs that did not start, because another instance holds the lease. */
  get skipped(): number {
    return this.#skipped;
  }

  /** Runs the task if this instance may, as `run` does. @returns false if another instance holds the lease, which counts as skipped */
  async runIfHeld(): Promise<boolean> {
    if (this.lease !== undefined && this.#current === undefined) {
      const held = await this.lease.hold();
      if (held === undefined) {
        this.#skipped += 1;
        return false;
      }
      // Another run can have begun in the meantime, with the same lease.
      this.#given = held;
    }
    await this.run();
    return true;
  }

  /** Runs the task and settles with it. Joins the current run if there is one. */
  run(): Promise<void> {
    this.#current ??= this.#record().finally(() => {
      this.#current = undefined;
    });
    return this.#current;
  }

  /** @param nextRun ISO 8601, or null if none is due. */
  state(nextRun: string | null): TaskState {
    return {
      name: this.definition.name,
      trigger: this.definition.trigger,
      running: this.#current !== undefined,
      executions: this.#executions,
      failures: this.#failures,
      lastRun: this.#lastRun,
      lastDurationMs: this.#lastDurationMs,
      lastError: this.#lastError,
      lastErrorType: this.#lastErrorType,
      nextRun,
    };
  }

  /** Runs a function in the context of the last run, for what is logged of it afterwards. */
  inLastContext(act: () => void): void {
    if (this.#lastContext === undefined) act();
    else this.#lastContext.run(act);
  }

  #runInContext(): Promise<void> {
    if (this.#contexts === undefined) return this.#runOnce();
    this.#lastContext = this.#contexts.open(this.definition.name);
    return this.#contexts.run(this.#lastContext, this.#runOnce);
  }

  async #record(): Promise<void> {
    const startedMs = performance.now();
    this.#lastRun = new Date().toISOString();
    try {
      await this.#runInContext();
      this.#lastError = null;
      this.#lastErrorType = null;
    } catch (error) {
      this.#failures++;
      this.#lastError = thrownMessage(error);
      this.#lastErrorType = thrownType(error);
      throw error;
    } finally {
      this.#executions++;
      this.#lastDurationMs = performance.now() - startedMs;
    }
  }
}
