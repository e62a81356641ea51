/** Calls whose end may never come: a query that nobody awaits, a generator that nobody runs to its end. */

import { nanoseconds } from '@tsukimi/metrics';
import type { CallRecorder } from '../../recording/call-recorder.js';

/** A call that has returned, and is counted when what it returned is over or let go of, whichever comes first. */
export class UnfinishedCall {
  readonly #calls: CallRecorder;
  readonly #returned: number;
  #start: number;
  #open = true;

  constructor(calls: CallRecorder, start: number) {
    this.#calls = calls;
    this.#start = start;
    this.#returned = nanoseconds(calls.clock());
  }

  /** What the call is about begins only now. */
  begin(): void {
    if (this.#open) this.#start = nanoseconds(this.#calls.clock());
  }

  get wantsThrown(): boolean {
    return this.#calls.wantsThrown;
  }

  succeeded(result: unknown): void {
    if (this.#close()) this.#calls.succeeded(this.#start, result);
  }

  failed(reason: unknown): void {
    if (this.#close()) this.#calls.failed(this.#start, reason);
  }

  failedUnseen(): void {
    if (this.#close()) this.#calls.failedUnseen(this.#start);
  }

  /** Nobody can end it any more: it took as long as its method did. */
  letGo(): void {
    if (this.#close()) this.#calls.succeededWithin(this.#start, this.#returned);
  }

  #close(): boolean {
    const wasOpen = this.#open;
    this.#open = false;
    return wasOpen;
  }
}

const registry = new FinalizationRegistry<UnfinishedCall>((call) => call.letGo());

/** Counts the call as a success if `value` is garbage collected before it ended otherwise. */
export function countWhenLetGo(value: object, call: UnfinishedCall): void {
  registry.register(value, call);
}
