/** Records calls for observers. Methods without observers record directly in their series, and pay nothing for this. */
import { type Clock, nanoseconds } from '@tsukimi/metrics';
import type { CallOutcome, CallRecorder, EndedCall, MethodObserver } from './call-recorder.js';
import type { CallSeries } from './call-series.js';
import { requireStackRoom } from './stack-room.js';

interface ObservedCallsOptions {
  readonly clock: Clock;
  /** The method's own series; undefined if its component is not measured. */
  readonly series: CallSeries | undefined;
  readonly observers: readonly MethodObserver[];
}

/** How a call ended, as far as it is known. */
interface Outcome {
  readonly start: number;
  readonly end: number;
  readonly hasFailed: boolean;
  readonly error?: unknown;
  readonly call?: EndedCall;
}

/** Passes the calls of one method to its series and its observers, with one reading of the clock for all. */
export class ObservedCalls implements CallRecorder {
  readonly clock: Clock;
  readonly begins: Clock;
  readonly wantsThrown: boolean;
  readonly forCall: CallRecorder['forCall'];
  readonly #series: CallSeries | undefined;
  readonly #waiting: readonly MethodObserver[];
  readonly #observers: readonly MethodObserver[];

  constructor({ clock, series, observers }: ObservedCallsOptions) {
    this.clock = clock;
    this.#series = series;
    this.#observers = observers;
    this.wantsThrown = series?.wantsThrown === true || observers.some(({ wantsErrors }) => wantsErrors === true);
    const waiting = observers.filter(({ began }) => began !== undefined);
    this.#waiting = waiting;
    this.begins = waiting.length === 0 ? clock : () => this.beginWith(undefined);
    if (observers.some(({ endedCall }) => endedCall !== undefined)) this.forCall = (values) => new ObservedCall(this, copied(values));
  }

  /** Tells the observers that a call begins, and reads the clock. */
  beginWith(args: readonly unknown[] | undefined): ReturnType<Clock> {
    for (const observer of this.#waiting) observer.began?.(args);
    return this.clock();
  }

  succeeded(start: number): void {
    this.succeededWithin(start, nanoseconds(this.clock()));
  }

  succeededWithin(start: number, end: number): void {
    this.ended({ start, end, hasFailed: false });
  }

  failed(start: number, error: unknown): void {
    requireStackRoom();
    this.ended({ start, end: nanoseconds(this.clock()), hasFailed: true, error });
  }

  failedUnseen(start: number): void {
    requireStackRoom();
    const end = nanoseconds(this.clock());
    this.#series?.failedUnseenWithin(start, end);
    for (const observer of this.#observers) observer.ended?.(end - start, true, undefined);
  }

  endedWithin(start: number, end: number, { hasFailed, error }: CallOutcome): void {
    if (hasFailed) requireStackRoom();
    this.ended({ start, end, hasFailed, error });
  }

  ended({ start, end, hasFailed, error, call }: Outcome): void {
    if (hasFailed) this.#series?.failedWithin(start, end, error);
    else this.#series?.succeededWithin(start, end);
    for (const observer of this.#observers) {
      observer.ended?.(end - start, hasFailed, error);
      if (call !== undefined) observer.endedCall?.(end - start, call);
    }
  }
}

/** One call of a method whose observers want to see calls. Members are `private`, not `#`: those would be installed for each call. */
class ObservedCall implements CallRecorder {
  constructor(
    private readonly calls: ObservedCalls,
    private readonly args: readonly unknown[],
  ) {}

  get clock(): Clock {
    return this.calls.clock;
  }

  get begins(): Clock {
    return () => this.calls.beginWith(this.args);
  }

  get wantsThrown(): boolean {
    return true;
  }

  succeeded(start: number, result?: unknown): void {
    this.ended(start, nanoseconds(this.calls.clock()), { args: this.args, status: 'success', result, error: undefined });
  }

  succeededWithin(start: number, end: number): void {
    this.ended(start, end, { args: this.args, status: 'success', result: undefined, error: undefined });
  }

  failed(start: number, error: unknown): void {
    requireStackRoom();
    this.ended(start, nanoseconds(this.calls.clock()), { args: this.args, status: 'failure', result: undefined, error });
  }

  failedUnseen(start: number): void {
    this.failed(start, undefined);
  }

  endedWithin(start: number, end: number, { hasFailed, error, result }: CallOutcome): void {
    if (hasFailed) requireStackRoom();
    this.ended(start, end, { args: this.args, status: hasFailed ? 'failure' : 'success', result, error });
  }

  private ended(start: number, end: number, call: EndedCall): void {
    this.calls.ended({ start, end, hasFailed: call.status === 'failure', error: call.error, call });
  }
}

/** By index: an application may have changed how arrays are iterated. */
function copied(values: ArrayLike<unknown>): readonly unknown[] {
  const copy: unknown[] = [];
  for (let index = 0; index < values.length; index += 1) copy[index] = values[index];
  return copy;
}
