/** The series of one method, resolved once, and the two ways a call can end. */
import type { Clock, Distribution } from '@tsukimi/metrics';
import type { Count } from '../own-counts.js';
import type { CallRecorder } from './call-recorder.js';
import type { AnyFunction } from './method-kind.js';
import { nanoseconds } from './nanoseconds.js';
import { requireStackRoom } from './stack-room.js';

interface CallSeriesOptions {
  readonly method: string;
  readonly clock: Clock;
  readonly successes: Count;
  readonly failures: Count;
  readonly distribution: Distribution;
}

/** What a wrapper holds: everything a call touches, with nothing left to look up. */
export class CallSeries implements CallRecorder {
  readonly method: string;
  readonly clock: Clock;
  readonly begins: Clock;
  readonly #successes: Count;
  readonly #failures: Count;
  readonly #distribution: Distribution;
  #lastEndNanoseconds = Number.NaN;

  constructor({ method, clock, successes, failures, distribution }: CallSeriesOptions) {
    this.method = method;
    this.clock = clock;
    this.begins = clock;
    this.#successes = successes;
    this.#failures = failures;
    this.#distribution = distribution;
  }

  get calls(): number {
    return this.#successes.value + this.#failures.value;
  }

  get failures(): number {
    return this.#failures.value;
  }

  get distribution(): Distribution {
    return this.#distribution;
  }

  /** When the last call ended, by the wall clock; undefined before the first. */
  get lastCalled(): Date | undefined {
    if (Number.isNaN(this.#lastEndNanoseconds)) return undefined;
    return new Date(Date.now() - (nanoseconds(this.clock()) - this.#lastEndNanoseconds) / 1e6);
  }

  /** A call that began at `start` (nanoseconds of the clock, as all times here) has returned or fulfilled. */
  succeeded(start: number): void {
    this.record(start, nanoseconds(this.clock()));
    this.#successes.add(1);
  }

  /** A call has turned out a success, after the fact. */
  succeededWithin(start: number, end: number): void {
    this.record(start, end);
    this.#successes.add(1);
  }

  /** A call that began at `start` has thrown or rejected. */
  failed(start: number): void {
    requireStackRoom();
    this.record(start, nanoseconds(this.clock()));
    this.#failures.add(1);
  }

  /** The function itself: the series counts failures, whatever they are. */
  noting(original: AnyFunction): AnyFunction {
    return original;
  }

  /** A call has turned out a failure, after the fact. */
  failedWithin(start: number, end: number): void {
    this.record(start, end);
    this.#failures.add(1);
  }

  // Not `#`: a private method would be a field of every series, looked at with every call.
  private record(start: number, end: number): void {
    // The wall clock would be a third reading: it is told from the monotonic one when somebody asks.
    this.#lastEndNanoseconds = end;
    this.#distribution.record((end - start) * 1e-9);
  }
}
