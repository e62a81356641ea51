/** Times the promises of one async method, with reused listeners, which saves three allocations for each call. */
import type { CallRecorder } from '../../recording/call-recorder.js';
import { rememberNewest, type Settler, takeHandedOn } from './handed-on-promises.js';
import { listen } from './intrinsic-then.js';

/** A pair of listeners, and the call that they belong to. */
interface Waiting extends Settler {
  start: number;
  next: Waiting | undefined;
  readonly fulfilled: (value: unknown) => unknown;
  readonly rejected: (reason: unknown) => unknown;
}

/** The maximum number of pairs that are kept for reuse. */
const MOST_KEPT = 64;

/** Like `settlementOf`, for promises that no other code has. */
export class PromiseTimer {
  readonly #calls: CallRecorder;
  #idle: Waiting | undefined;
  #kept = 0;

  constructor(calls: CallRecorder) {
    this.#calls = calls;
  }

  /** Returns the promise that the caller gets. */
  time(promise: object, start: number): Promise<unknown> {
    const waiting = this.take();
    waiting.start = start;
    const derived = listen(promise, waiting.fulfilled, waiting.rejected);
    rememberNewest(derived, waiting);
    return derived;
  }

  // Not `#`, because each call of a `#` method has a check.
  private take(): Waiting {
    const idle = this.#idle;
    if (idle === undefined) return this.make();
    this.#idle = idle.next;
    this.#kept -= 1;
    return idle;
  }

  // A promise settles once and calls one of the two listeners. After that, the pair is free.
  private giveBack(waiting: Waiting): void {
    if (this.#kept >= MOST_KEPT) return;
    waiting.next = this.#idle;
    this.#idle = waiting;
    this.#kept += 1;
  }

  private make(): Waiting {
    const waiting: Waiting = {
      start: 0,
      next: undefined,
      handedOn: undefined,
      fulfilled: (value) => {
        this.#calls.succeeded(waiting.start, value);
        takeHandedOn(waiting)?.fulfilled(value);
        this.giveBack(waiting);
        return value;
      },
      rejected: (reason) => {
        this.#calls.failed(waiting.start, reason);
        takeHandedOn(waiting)?.rejected(reason);
        this.giveBack(waiting);
        throw reason;
      },
    };
    return waiting;
  }
}
