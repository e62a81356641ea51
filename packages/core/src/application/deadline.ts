/** A point in time that several waits share. */
import { performance } from 'node:perf_hooks';
// Not the globals: under a test's fake timers an application would wait for ever for what does not end.
import { clearTimeout, setTimeout } from 'node:timers';

/** Gives up waiting once a time has passed; holds no timer while nobody waits. */
export class Deadline {
  readonly #endsAtMs: number;

  constructor(durationMs: number) {
    this.#endsAtMs = performance.now() + durationMs;
  }

  /** Waits for a promise, no longer than the deadline; a rejection is passed on. @returns whether it settled in time. */
  async waitFor(promise: Promise<unknown>): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<false>((resolve) => {
      timer = setTimeout(resolve, Math.max(0, this.#endsAtMs - performance.now()), false);
    });
    try {
      return await Promise.race([promise.then(() => true), expired]);
    } finally {
      clearTimeout(timer);
    }
  }
}
