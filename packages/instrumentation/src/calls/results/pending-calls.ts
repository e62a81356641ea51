/** Calls that end together, because they returned the same promise or thenable. */

import { nanoseconds } from '@tsukimi/metrics';
import type { CallRecorder } from '../recording/call-recorder.js';

/** A call of a method. If too many are pending, several calls that follow each other, with their mean times. */
interface Entry {
  readonly calls: CallRecorder;
  count: number;
  start: number;
  /** The duration of the method itself, which is recorded if nothing ever waits for the returned value. */
  took: number;
  /** Whether the returned value starts its work only when its result is requested. */
  isLazy: boolean;
  /** Whether the call has ended and only its outcome is unknown. `took` is then its duration. */
  hasStopped: boolean;
  next: Entry | undefined;
}

/** A call whose method has returned. */
export interface ReturnedCall {
  readonly calls: CallRecorder;
  readonly start: number;
  readonly took: number;
  readonly isLazy: boolean;
}

/** From this number of entries on, neighbours are merged. Memory stays bounded and counts and sums exact; only single durations become means. */
const FULL = 256;

// Members are `private`, not `#`, because each call of a `#` method has a check.
export class PendingCalls {
  private first: Entry | undefined;
  private last: Entry | undefined;
  private size = 0;
  private limit = FULL;
  private joined: PendingCalls[] | undefined;

  get isEmpty(): boolean {
    return this.first === undefined && this.joined === undefined;
  }

  add({ calls, start, took, isLazy }: ReturnedCall): void {
    this.append({ calls, count: 1, start, took, isLazy, hasStopped: false, next: undefined });
  }

  /** Makes other calls end together with these. */
  join(other: PendingCalls): void {
    this.joined ??= [];
    this.joined.push(other);
  }

  /** Starts the time of lazy calls. */
  begin(): void {
    for (let each = this.first; each !== undefined; each = each.next) {
      if (each.isLazy) each.start = nanoseconds(each.calls.clock());
      each.isLazy = false;
    }
    for (const other of this.joined ?? []) other.begin();
  }

  /** Ends the time of the calls, whose outcome is not known yet. */
  stopClock(): void {
    for (let each = this.first; each !== undefined; each = each.next) {
      if (!each.hasStopped) each.took = nanoseconds(each.calls.clock()) - each.start;
      each.hasStopped = true;
    }
    for (const other of this.joined ?? []) other.stopClock();
  }

  /** The recorder in whose context the result is requested: that of the call that made the thenable, which is the first. Undefined if calls have none. */
  get entered(): Required<Pick<CallRecorder, 'enter'>> | undefined {
    const calls = this.first?.calls;
    if (calls?.enter !== undefined) return calls as Required<CallRecorder>;
    for (const other of this.joined ?? []) if (other.entered !== undefined) return other.entered;
    return undefined;
  }

  /** @param result undefined if it is unknown */
  succeeded(result?: unknown): void {
    const { joined } = this;
    for (let each = this.takeOff(); each !== undefined; each = each.next)
      for (let n = each.count; n > 0; n -= 1) each.calls.succeeded(startOf(each), result);
    if (joined !== undefined) for (const other of joined) other.succeeded(result);
  }

  failed(reason: unknown): void {
    const { joined } = this;
    for (let each = this.takeOff(); each !== undefined; each = each.next)
      for (let n = each.count; n > 0; n -= 1) each.calls.failed(startOf(each), reason);
    if (joined !== undefined) for (const other of joined) other.failed(reason);
  }

  /** The call that was to give an answer threw something that was not caught. */
  failedUnseen(): void {
    const { joined } = this;
    for (let each = this.takeOff(); each !== undefined; each = each.next)
      for (let n = each.count; n > 0; n -= 1) each.calls.failedUnseen(startOf(each));
    if (joined !== undefined) for (const other of joined) other.failedUnseen();
  }

  /** Called when nothing can end the calls any more. The duration of each is then that of its method. */
  letGo(): void {
    const { joined } = this;
    for (let each = this.takeOff(); each !== undefined; each = each.next)
      for (let n = each.count; n > 0; n -= 1) each.calls.succeededWithin(each.start, each.start + each.took);
    if (joined !== undefined) for (const other of joined) other.letGo();
  }

  /** Whether an observer needs the error if requesting the result throws. */
  get wantsThrown(): boolean {
    for (let each = this.first; each !== undefined; each = each.next) if (each.calls.wantsThrown) return true;
    return this.joined?.some((other) => other.wantsThrown) === true;
  }

  protected append(entry: Entry): void {
    if (this.last === undefined) this.first = entry;
    else this.last.next = entry;
    this.last = entry;
    this.size += 1;
    if (this.size >= this.limit) this.putNeighboursTogether();
  }

  // Removed first, so that each call ends only once, even if ending it ends others.
  private takeOff(): Entry | undefined {
    const { first } = this;
    this.first = undefined;
    this.last = undefined;
    this.joined = undefined;
    this.size = 0;
    this.limit = FULL;
    return first;
  }

  /** Merges each entry with the next one of its method. */
  private putNeighboursTogether(): void {
    const open = new Map<CallRecorder, Entry>();
    const all = this.first;
    this.first = undefined;
    this.last = undefined;
    this.size = 0;
    this.limit = Number.POSITIVE_INFINITY;
    for (let each = all; each !== undefined; ) {
      const { next } = each;
      const before = open.get(each.calls);
      if (before === undefined || before.isLazy !== each.isLazy) {
        open.set(each.calls, each);
        each.next = undefined;
        this.append(each);
      } else {
        open.delete(each.calls);
        putTogether(before, each);
      }
      each = next;
    }
    this.limit = Math.max(FULL, 2 * this.size);
  }
}

function putTogether(entry: Entry, other: Entry): void {
  const count = entry.count + other.count;
  entry.start += (other.start - entry.start) * (other.count / count);
  entry.took += (other.took - entry.took) * (other.count / count);
  entry.count = count;
}

function startOf({ calls, start, took, hasStopped }: Entry): number {
  return hasStopped ? nanoseconds(calls.clock()) - took : start;
}
