/** The lease of one task in one instance: taken, renewed until it is lost, and given back. */
import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { FastifyBaseLogger } from 'fastify';
import { loggableThrown } from '../../errors/thrown.js';
import type { LeaseStore, TaskRun } from './lease-store.js';

/** The share of a lease after which it is renewed, and after which an unanswered renewal is given up. */
const RENEWALS = 3;

/** What a lease needs. */
export interface TaskLeaseParts {
  readonly store: LeaseStore;
  /** The name of the lease, for all instances. */
  readonly name: string;
  readonly task: string;
  readonly leaseMs: number;
  readonly logger: FastifyBaseLogger;
}

class Held implements TaskRun {
  readonly #abort = new AbortController();
  readonly sinceMs = performance.now();
  #untilMs = 0;
  #untilWallMs = 0;
  #end: NodeJS.Timeout | undefined;

  constructor(
    readonly token: number,
    readonly stopping: AbortSignal,
    private readonly expired: (held: Held) => void,
  ) {}

  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** Whether the lease is still valid. Both clocks are asked, because one of them stands still while a machine sleeps. */
  get isValid(): boolean {
    return !this.signal.aborted && performance.now() < this.#untilMs && Date.now() < this.#untilWallMs;
  }

  /** @param askedMs when the question was sent whose answer extends the lease, so that it ends here before it ends in the store */
  extend(askedMs: number, leaseMs: number): void {
    const left = askedMs + leaseMs - performance.now();
    this.#untilMs = askedMs + leaseMs;
    this.#untilWallMs = Date.now() + left;
    clearTimeout(this.#end);
    // The first turn of a process that was suspended runs this timer, and so aborts what it runs.
    this.#end = setTimeout(() => this.expired(this), Math.max(0, left));
    this.#end.unref();
  }

  abort(reason: Error): void {
    this.#abort.abort(reason);
  }

  forget(): void {
    clearTimeout(this.#end);
  }
}

/** Keeps the lease of a task. Never rejects. */
export class TaskLease {
  readonly #parts: TaskLeaseParts;
  readonly #holder = randomUUID();
  /** Aborted when no more runs begin. */
  readonly #ending = new AbortController();
  /** Aborted when the store is asked nothing any more but to take the lease back. */
  readonly #stopping = new AbortController();
  #held: Held | undefined;
  #asking: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #isAway = false;

  constructor(parts: TaskLeaseParts) {
    this.#parts = parts;
  }

  /** For how long this instance has held the lease; undefined if it does not. */
  get heldMs(): number | undefined {
    return this.#held?.isValid ? performance.now() - this.#held.sinceMs : undefined;
  }

  /** Begins to ask for the lease, and goes on until `stop`. */
  start(): void {
    void this.#ask();
  }

  /** Returns the lease; undefined if another instance has it or the store is away. Due runs do not ask more often than the lease itself does. */
  async hold(): Promise<TaskRun | undefined> {
    if (this.#ending.signal.aborted) return undefined;
    if (this.#held?.isValid) return this.#held;
    if (this.#asking !== undefined || this.#timer === undefined) await this.#ask();
    return this.#held?.isValid && !this.#ending.signal.aborted ? this.#held : undefined;
  }

  /** Lets no more runs begin, while the one that is running keeps the lease, and tells it. */
  endRuns(): void {
    this.#ending.abort(new Error('The application stops'));
  }

  /** Aborts the run, for which nothing waits any more. The lease is kept until it has ended. */
  abandonRun(): void {
    this.#held?.abort(new Error(`The application stops, and no longer waits for task ${this.#parts.task}`));
  }

  /** Gives the lease back. Call it when no run is left. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    // A store that does not answer must not hold up the shutdown.
    this.#stopping.abort(new Error('the application stops'));
    clearTimeout(this.#timer);
    await this.#asking;
    clearTimeout(this.#timer);
    const held = this.#held;
    this.#held = undefined;
    if (held === undefined) return;
    held.forget();
    const { store, name, leaseMs } = this.#parts;
    try {
      await store.release({ name, holder: this.#holder, token: held.token, signal: AbortSignal.timeout(Math.ceil(leaseMs / RENEWALS)) });
    } catch (error) {
      this.#report(error);
    }
  }

  /** One question at a time. */
  #ask(): Promise<void> {
    this.#asking ??= this.#renewOrAcquire().finally(() => {
      this.#asking = undefined;
    });
    return this.#asking;
  }

  async #renewOrAcquire(): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    const { store, leaseMs, name, task, logger } = this.#parts;
    let nextMs = leaseMs / RENEWALS;
    const askedMs = performance.now();
    const request = { name, holder: this.#holder, leaseMs };
    try {
      const held = this.#held;
      if (held !== undefined) {
        const isRenewed = await store.renew({ ...request, token: held.token, signal: this.#limit(nextMs) });
        // It can have ended during the question.
        if (isRenewed && this.#held === held) held.extend(askedMs, leaseMs);
        else this.#lose(held, 'another instance may have it');
      }
      if (this.#held === undefined) {
        // Connecting can take long. What it takes is lost of the lease, not of anything else.
        const answer = await store.acquire({ ...request, signal: this.#limit(leaseMs) });
        if ('token' in answer) {
          this.#held = new Held(answer.token, this.#ending.signal, (expired) => this.#lose(expired, 'it was not renewed in time'));
          this.#held.extend(askedMs, leaseMs);
          logger.info({ task, token: answer.token }, `Task ${task} runs in this instance`);
        } else nextMs = Math.min(nextMs, Math.max(1, answer.heldForMs));
      }
      // A slow answer has used up some of the lease.
      if (this.#held !== undefined) nextMs = Math.max(1, nextMs - (performance.now() - askedMs));
      if (this.#isAway) logger.info({ task }, `The leases of tasks in ${store.name} can be reached again`);
      this.#isAway = false;
    } catch (error) {
      if (!this.#isStopped) this.#report(error);
    }
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => void this.#ask(), nextMs);
    this.#timer.unref();
  }

  #limit(limitMs: number): AbortSignal {
    return AbortSignal.any([this.#stopping.signal, AbortSignal.timeout(Math.ceil(limitMs))]);
  }

  #lose(held: Held, why: string): void {
    if (this.#held !== held) return;
    this.#held = undefined;
    const { task, logger } = this.#parts;
    logger.warn({ task, token: held.token }, `This instance has lost the lease of task ${task}: ${why}`);
    held.forget();
    held.abort(new Error(`The lease of task ${task} was lost: ${why}`));
  }

  /** One line for each change of state. */
  #report(error: unknown): void {
    const { task, store, logger } = this.#parts;
    if (this.#isAway) return;
    this.#isAway = true;
    logger.warn(
      { task, err: loggableThrown(error) },
      `The lease of task ${task} in ${store.name} can't be reached; the task does not run here`,
    );
  }
}
