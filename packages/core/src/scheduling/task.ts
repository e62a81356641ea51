/** One scheduled task. It runs its method, never twice at once, and remembers the outcome. */
import { thrownMessage, thrownType } from '../errors/thrown.js';
import type { TaskDefinition, TaskState } from './scheduler.js';
import type { Trigger } from './trigger.js';

/** A wrapper around each run. It must call `run` once and settle like its promise. */
export type TaskWrapper = (definition: TaskDefinition, run: () => Promise<void>) => Promise<void>;

/** Options of a task. */
export interface ScheduledTask {
  readonly definition: TaskDefinition;
  readonly trigger: Trigger;
  /** Calls the component's method. */
  readonly invoke: () => unknown;
}

/** A task, and the outcome of its last run. */
export class Task {
  readonly definition: TaskDefinition;
  readonly trigger: Trigger;
  readonly #runOnce: () => Promise<void>;
  #current: Promise<void> | undefined;
  #executions = 0;
  #failures = 0;
  #lastRun: string | null = null;
  #lastDurationMs: number | null = null;
  #lastError: string | null = null;
  #lastErrorType: string | null = null;

  /** @param wrappers the wrappers of each run, the outermost first. */
  constructor({ definition, trigger, invoke }: ScheduledTask, wrappers: readonly TaskWrapper[]) {
    this.definition = definition;
    this.trigger = trigger;
    this.#runOnce = wrappers.reduceRight<() => Promise<void>>(
      (run, around) => async () => around(definition, run),
      async () => {
        await invoke();
      },
    );
  }

  /** The current run; undefined if there is none. */
  get current(): Promise<void> | undefined {
    return this.#current;
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

  async #record(): Promise<void> {
    const startedMs = performance.now();
    this.#lastRun = new Date().toISOString();
    try {
      await this.#runOnce();
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
