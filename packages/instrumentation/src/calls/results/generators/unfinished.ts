/** Calls that may never end, such as a generator that is not run to its end. */

import { nanoseconds } from '@tsukimi/metrics';
import type { CallRecorder } from '../../recording/call-recorder.js';

/** A call that has returned. It is counted when the returned value ends or is garbage collected, whichever comes first. */
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

  /** Called when the work of the call begins. */
  begin(): void {
    if (this.#open) this.#start = nanoseconds(this.#calls.clock());
  }

  get wantsThrown(): boolean {
    return this.#calls.wantsThrown;
  }

  /** Runs a part of the call in its own context; undefined if calls have none. */
  get enter(): CallRecorder['enter'] {
    const calls = this.#calls;
    return calls.enter === undefined ? undefined : (act) => (calls.enter as NonNullable<CallRecorder['enter']>)(act);
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

  /** Called when nothing can end the call any more. Its duration is then that of its method. */
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

/** Counts the call as a success if `value` is garbage collected before the call ends otherwise. */
export function countWhenLetGo(value: object, call: UnfinishedCall): void {
  registry.register(value, call);
}
