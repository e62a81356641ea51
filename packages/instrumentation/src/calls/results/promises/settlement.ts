/** The settlement of a native promise that methods returned, with the calls that end with it. There is one for each promise. */

import { hiddenMarkOfAny } from '../../../hidden-mark.js';
import type { CallRecorder } from '../../recording/call-recorder.js';
import { PendingCalls } from '../pending-calls.js';

export class Settlement extends PendingCalls {
  protected outcome: 'pending' | 'fulfilled' | 'rejected' = 'pending';
  /** What the promise fulfilled with, or was rejected with. */
  private settledWith: unknown;

  /** Adds a call that began at `start` and returned the promise. If the promise is settled already, the call ends. */
  follow(calls: CallRecorder, start: number): void {
    if (this.outcome === 'fulfilled') calls.succeeded(start, this.settledWith);
    else if (this.outcome === 'rejected') calls.failed(start, this.settledWith);
    else this.append({ calls, count: 1, start, took: 0, isLazy: false, hasStopped: false, next: undefined });
  }

  /** Makes other calls end with the promise too. */
  override join(other: PendingCalls): void {
    if (this.outcome === 'fulfilled') other.succeeded(this.settledWith);
    else if (this.outcome === 'rejected') other.failed(this.settledWith);
    else super.join(other);
  }

  /** Makes the process report an unhandled rejection. By default nothing is needed, because it does so itself. */
  keepUnhandled(): void {}

  fulfilled(value: unknown): void {
    this.outcome = 'fulfilled';
    this.settledWith = value;
    this.succeeded(value);
  }

  rejected(reason: unknown): void {
    this.outcome = 'rejected';
    this.settledWith = reason;
    this.failed(reason);
  }
}

/** The settlements of promises that were returned before. */
export const settlements = hiddenMarkOfAny<Settlement>();
