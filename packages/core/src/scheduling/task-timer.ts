/** Runs a task whenever it is due. */
import type { FastifyBaseLogger } from 'fastify';
import { loggableThrown } from '../errors/thrown.js';
import type { Earlier, PastRun } from './duty.js';
import type { Task } from './task.js';
import { wallClock } from './trigger.js';

// The wall clock may be changed, or the machine may sleep, so check the time at least this often.
const LONGEST_WAIT_MS = 30_000;

// Node's timers may fire a fraction of a millisecond early.
const TOLERANCE_MS = 1;

/** The schedule of one task, from `start` to `stop`. */
export class TaskTimer {
  readonly #task: Task;
  readonly #logger: FastifyBaseLogger;
  readonly #onRun: ((run: PastRun) => void) | undefined;
  #timer: NodeJS.Timeout | undefined;
  #dueMs: number | undefined;
  #started = false;

  /** @param onRun is told when a run begins, is skipped, or has ended. */
  constructor(
    task: Task,
    { logger, onRun }: { readonly logger: FastifyBaseLogger; readonly onRun?: ((run: PastRun) => void) | undefined },
  ) {
    this.#task = task;
    this.#logger = logger;
    this.#onRun = onRun;
  }

  /** When the next run is due, ISO 8601; null if none is. */
  get nextRun(): string | null {
    if (this.#dueMs === undefined) return null;
    return new Date(Math.round(Date.now() + this.#dueMs - this.#task.trigger.clock())).toISOString();
  }

  /** @param earlier what happened to the task in another process */
  start(earlier?: Earlier): void {
    if (this.#started) return;
    this.#started = true;
    const { trigger } = this.#task;
    this.#waitFor(trigger.first(trigger.clock(), earlier));
  }

  stop(): void {
    this.#started = false;
    this.#dueMs = undefined;
    clearTimeout(this.#timer);
  }

  #waitFor(dueMs: number | undefined): void {
    this.#dueMs = this.#started ? dueMs : undefined;
    if (this.#dueMs === undefined) return;
    const waitMs = Math.max(0, this.#dueMs - this.#task.trigger.clock());
    this.#timer = setTimeout(() => this.#look(), Math.min(waitMs, LONGEST_WAIT_MS));
  }

  #look(): void {
    const { trigger } = this.#task;
    const dueMs = this.#dueMs;
    if (dueMs === undefined) return;
    if (trigger.clock() < dueMs - TOLERANCE_MS) this.#waitFor(dueMs);
    else if (trigger.waitsForEnd) void this.#runThenWait(dueMs);
    else this.#waitThenRun(dueMs);
  }

  async #runThenWait(dueMs: number): Promise<void> {
    this.#dueMs = undefined;
    await this.#run(dueMs);
    this.#waitFor(this.#task.trigger.next(dueMs, this.#task.trigger.clock()));
  }

  #waitThenRun(dueMs: number): void {
    const { trigger, current, definition } = this.#task;
    this.#waitFor(trigger.next(dueMs, trigger.clock()));
    if (current === undefined) {
      void this.#run(dueMs);
      return;
    }
    // As if it had run: another process is not to catch up on it.
    this.#onRun?.({ startedMs: this.#startOf(dueMs) });
    this.#logger.debug(`Task ${definition.name} is still running; skipping this run.`);
  }

  // A timer may fire a little early, and no other process is to run the same due time again.
  #startOf(dueMs: number): number {
    return this.#task.trigger.clock === wallClock ? Math.max(Date.now(), dueMs) : Date.now();
  }

  async #run(dueMs: number): Promise<void> {
    const startedMs = this.#startOf(dueMs);
    this.#onRun?.({ startedMs });
    try {
      await this.#task.runIfHeld();
    } catch (error) {
      const { name } = this.#task.definition;
      this.#task.inLastContext(() => this.#logger.error({ err: loggableThrown(error), task: name }, `Task ${name} failed`));
    } finally {
      this.#onRun?.({ startedMs, endedMs: Date.now() });
    }
  }
}
