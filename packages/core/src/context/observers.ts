/** Tells several observers of contexts, and contains what they throw. */
import { loggableThrown } from '../errors/thrown.js';
import type { OpenContext } from './open-context.js';
import type { ContextOutcome, HttpExchange, RequestObserver } from './request-observer.js';

/** What is used of a logger. */
export interface ContextLogger {
  error(details: object, message: string): void;
}

/** All observers of one server or application. */
export class ContextObservers {
  readonly #observers: readonly RequestObserver[];
  readonly #logger: ContextLogger;
  readonly #told = new WeakSet<RequestObserver>();

  constructor(observers: readonly RequestObserver[], logger: ContextLogger) {
    this.#observers = observers;
    this.#logger = logger;
  }

  get isEmpty(): boolean {
    return this.#observers.length === 0;
  }

  /** Returns what each observer returned, to be passed to `ended`. */
  began(context: OpenContext, exchange: HttpExchange | undefined): readonly unknown[] {
    return this.#observers.map((observer) => {
      try {
        return observer.began?.(context, exchange);
      } catch (error) {
        this.#report(observer, error);
        return undefined;
      }
    });
  }

  ended(context: OpenContext, outcome: ContextOutcome, begun: readonly unknown[]): void {
    this.#observers.forEach((observer, index) => {
      try {
        observer.ended?.(context, outcome, begun[index]);
      } catch (error) {
        this.#report(observer, error);
      }
    });
  }

  #report(observer: RequestObserver, error: unknown): void {
    if (this.#told.has(observer)) return;
    this.#told.add(observer);
    this.#logger.error({ err: loggableThrown(error) }, 'An observer of requests threw an error; further ones are not logged');
  }
}
