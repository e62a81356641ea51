/** A point in time that several waits share. */
import { performance } from 'node:perf_hooks';
// Not the globals, because with a test's fake timers these waits would never time out.
import { clearTimeout, setTimeout } from 'node:timers';

/** Limits waits to a point in time. It has a timer only during a wait. */
export class Deadline {
  readonly #endsAtMs: number;

  constructor(durationMs: number) {
    this.#endsAtMs = performance.now() + durationMs;
  }

  /** Waits for a promise until the deadline at most; rejects if the promise rejects. @returns whether the promise settled in time. */
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
