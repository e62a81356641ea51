/** Opens a context for each run of a task. */
import { randomUUID } from 'node:crypto';
import { type ContextLogger, ContextObservers } from './observers.js';
import { OpenContext } from './open-context.js';
import type { RequestObserver } from './request-observer.js';

/** The contexts of the task runs of one application. */
export class TaskContexts {
  readonly #observers: ContextObservers;

  constructor(observers: readonly RequestObserver[], logger: ContextLogger) {
    this.#observers = new ContextObservers(observers, logger);
  }

  open(task: string): OpenContext {
    return new OpenContext({ requestId: randomUUID(), task });
  }

  /** Runs a task in its context, and settles like it. */
  async run(context: OpenContext, run: () => Promise<void>): Promise<void> {
    const begun = this.#observers.began(context, undefined);
    try {
      await context.run(run);
    } catch (error) {
      this.#observers.ended(context, { isAborted: false, hasFailed: true, error }, begun);
      throw error;
    }
    this.#observers.ended(context, { isAborted: false, hasFailed: false }, begun);
  }
}
