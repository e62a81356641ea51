/** How native promises that methods returned settle, and the calls that end with them. One for each promise, however often it is returned. */

import { hiddenMarkOfAny } from '../../hidden-mark.js';
import type { CallRecorder } from '../../recording/call-recorder.js';
import { PendingCalls } from '../pending-calls.js';

export class Settlement extends PendingCalls {
  protected outcome: 'pending' | 'fulfilled' | 'rejected' = 'pending';
  /** What the promise fulfilled with, or was rejected with. */
  private settledWith: unknown;

  /** A call that began at `start` has returned the promise; where that is settled already, the call is over. */
  follow(calls: CallRecorder, start: number): void {
    if (this.outcome === 'fulfilled') calls.succeeded(start, this.settledWith);
    else if (this.outcome === 'rejected') calls.failed(start, this.settledWith);
    else this.append({ calls, count: 1, start, took: 0, isLazy: false, hasStopped: false, next: undefined });
  }

  /** Other calls end with the promise too. */
  override join(other: PendingCalls): void {
    if (this.outcome === 'fulfilled') other.succeeded(this.settledWith);
    else if (this.outcome === 'rejected') other.failed(this.settledWith);
    else super.join(other);
  }

  /** The process is to hear of a rejection that nobody handles; where it does so by itself, there is nothing to do. */
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

/** What is known of promises that were returned before. */
export const settlements = hiddenMarkOfAny<Settlement>();
