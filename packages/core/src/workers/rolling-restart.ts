/** The rolling restart: replaces all workers of a primary, one after the other. */
import type { FastifyBaseLogger } from 'fastify';
import type { Slot } from './restart-policy.js';
import type { WorkerProcess } from './worker-process.js';

/** What of the primary a rolling restart uses. */
export interface RollingRestartParts {
  /** Of the application. */
  readonly name: string;
  readonly logger: FastifyBaseLogger;
  readonly slots: readonly Slot[];
  isStopping(): boolean;
  /** All processes in the slot, the oldest first. */
  inSlot(worker: number): readonly WorkerProcess[];
  start(slot: Slot): WorkerProcess;
}

/** Restarts all workers whenever somebody asks for it. */
export class RollingRestart {
  readonly #parts: RollingRestartParts;
  #rolling: 'no' | 'once' | 'again' = 'no';
  /** The incarnation that is to replace another one. */
  #candidate: number | undefined;

  constructor(parts: RollingRestartParts) {
    this.#parts = parts;
  }

  /** Whether a process is the new one that a rolling restart waits for. */
  isCandidate(incarnation: number): boolean {
    return incarnation === this.#candidate;
  }

  /**
   * Replaces all workers: starts a new one, waits until it listens, and asks the old one to stop. If a new one does not get ready, the old one and
   * the remaining ones stay. During a rolling restart, another one is done afterwards.
   */
  async roll(reason: string): Promise<void> {
    const { logger, name, isStopping } = this.#parts;
    if (isStopping()) return;
    if (this.#rolling !== 'no') {
      this.#rolling = 'again';
      return;
    }
    do {
      this.#rolling = 'once';
      logger.info(`${reason}: ${name} replaces its workers one after the other`);
      if (await this.#rollAll(reason)) logger.info(`${name} has replaced its workers`);
    } while (this.#isToRollAgain());
    this.#rolling = 'no';
  }

  #isToRollAgain(): boolean {
    return this.#rolling === 'again' && !this.#parts.isStopping();
  }

  async #rollAll(reason: string): Promise<boolean> {
    for (const slot of this.#parts.slots) {
      if (!(await this.#rollSlot(slot, reason)) || this.#parts.isStopping()) return false;
    }
    return true;
  }

  async #rollSlot(slot: Slot, reason: string): Promise<boolean> {
    const { inSlot, start, isStopping } = this.#parts;
    if (slot.timer === undefined && inSlot(slot.worker).length === 0) return true; // its program has closed the application
    clearTimeout(slot.timer);
    slot.timer = undefined;
    const next = start(slot);
    this.#candidate = next.state.incarnation;
    const isReady = await next.ready;
    this.#candidate = undefined;
    if (!isReady) return false;
    const replaced = inSlot(slot.worker).filter((process) => process !== next);
    if (!isStopping()) for (const process of replaced) process.stop({ reason, isReplaced: true });
    await Promise.all(replaced.map(({ ended }) => ended));
    return true;
  }
}
