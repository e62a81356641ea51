/** How long to wait before a worker is started again, and when to give up. */

const FIRST_DELAY_MS = 200;
const LONGEST_DELAY_MS = 5000;
// A worker that lived this long ends for another reason than its start.
const STABLE_MS = 10_000;

/** So many workers that end before they are ready, with none that gets ready in between, are a crash loop. */
export const CRASH_LOOP_LENGTH = 5;

/** The restarts of one slot. */
export class RestartPolicy {
  #endedEarly = 0;

  /** A worker of the slot has ended. @returns how long to wait before the next one is started, in milliseconds */
  delayAfter(livedMs: number): number {
    if (livedMs >= STABLE_MS) this.#endedEarly = 0;
    const delayMs = this.#endedEarly === 0 ? 0 : Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (this.#endedEarly - 1));
    this.#endedEarly += 1;
    return delayMs;
  }
}

/** One of the places for workers. */
export interface Slot {
  /** Its number, from 1. */
  readonly worker: number;
  readonly policy: RestartPolicy;
  restarts: number;
  /** Of the next start, while that is waited for. */
  timer: NodeJS.Timeout | undefined;
}
