/** Warnings that may come before there is a logger. */
import type { FastifyBaseLogger } from 'fastify';

/** Keeps warnings until a logger is there, and passes them on from then on. */
export class Warnings {
  readonly #early: string[] = [];
  #logger: FastifyBaseLogger | undefined;

  add(message: string): void {
    if (this.#logger === undefined) this.#early.push(message);
    else this.#logger.warn(message);
  }

  /** Logs what was kept, and everything after it. */
  sendTo(logger: FastifyBaseLogger): void {
    this.#logger = logger;
    for (const message of this.#early.splice(0)) logger.warn(message);
  }
}
