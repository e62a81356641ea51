/** Calls whose end may never come: a query that nobody awaits, a generator that nobody runs to its end. */
import type { CallSeries } from './call-series.js';

/** A call that has returned, and is counted when what it returned is over or let go of, whichever comes first. */
export class UnfinishedCall {
  #open = true;

  constructor(
    readonly calls: CallSeries,
    public start: bigint,
  ) {}

  succeeded(): void {
    if (this.#close()) this.calls.succeeded(this.start);
  }

  failed(): void {
    if (this.#close()) this.calls.failed(this.start);
  }

  #close(): boolean {
    const wasOpen = this.#open;
    this.#open = false;
    return wasOpen;
  }
}

const letGo = new FinalizationRegistry<UnfinishedCall>((call) => call.succeeded());

/** Counts the call as a success if `value` is garbage collected before it ended otherwise. */
export function countWhenLetGo(value: object, call: UnfinishedCall): void {
  letGo.register(value, call);
}
