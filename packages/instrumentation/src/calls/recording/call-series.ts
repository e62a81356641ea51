/** The series of one method, resolved once, and the two ways a call can end. */
import { type Clock, Distribution, nanoseconds, type SeriesHolder } from '@tsukimi/metrics';
import { type Count, NOTHING_TIMED, wallTimeOf } from '../../own-counts.js';
import type { CallRecorder } from './call-recorder.js';
import { requireStackRoom } from './stack-room.js';

/** What the calls of one method are recorded in. */
export interface MethodSeries {
  readonly successes: Count;
  readonly failures: Count;
  readonly distribution: Distribution;
}

interface CallSeriesOptions {
  readonly method: string;
  readonly clock: Clock;
  /** Makes the series, all or none; holds them. */
  readonly open: (method: string, holder: SeriesHolder) => MethodSeries;
  /** The same while the program runs: undefined if it can't be. */
  readonly reopen: (method: string, holder: SeriesHolder) => MethodSeries | undefined;
  /** Whether the series are made with the first call, not now. */
  readonly isAwaited: boolean;
}

const NOTHING_COUNTED: Count = { value: 0, add() {} };

/** What a wrapper holds: everything a call touches, with nothing left to look up. */
export class CallSeries implements CallRecorder, SeriesHolder {
  readonly method: string;
  readonly clock: Clock;
  readonly begins: Clock;
  readonly wantsThrown: boolean = false;
  readonly #reopen: CallSeriesOptions['reopen'];
  #successes = NOTHING_COUNTED;
  #failures = NOTHING_COUNTED;
  /** Where there are no series, recording a duration makes them: nothing else on the way of a call looks whether there are. */
  #durations: Pick<Distribution, 'record'>;
  #lastEndNanoseconds = Number.NaN;

  constructor({ method, clock, open, reopen, isAwaited }: CallSeriesOptions) {
    this.method = method;
    this.clock = clock;
    this.begins = clock;
    this.#reopen = reopen;
    if (isAwaited) this.#durations = new AwaitedDurations(this);
    else {
      const { successes, failures, distribution } = open(method, this);
      this.#successes = successes;
      this.#failures = failures;
      this.#durations = distribution;
    }
  }

  /** Whether the series exist. */
  get isExposed(): boolean {
    return this.#durations instanceof Distribution;
  }

  /** One of the series was removed or reset: with the next call all are looked for again. */
  forgotten(): void {
    if (!this.isExposed) return;
    this.#successes = NOTHING_COUNTED;
    this.#failures = NOTHING_COUNTED;
    this.#durations = new AwaitedDurations(this);
  }

  /** Makes the series, and records the duration that was waiting for them. */
  comeBack(seconds: number): void {
    const series = this.#reopen(this.method, this);
    if (series === undefined) return;
    this.#successes = series.successes;
    this.#failures = series.failures;
    this.#durations = series.distribution;
    series.distribution.record(seconds);
  }

  get calls(): number {
    return this.#successes.value + this.#failures.value;
  }

  get failures(): number {
    return this.#failures.value;
  }

  get distribution(): Distribution {
    return this.#durations instanceof Distribution ? this.#durations : NOTHING_TIMED;
  }

  /** When the last call ended, by the wall clock; undefined before the first. */
  get lastCalled(): Date | undefined {
    return wallTimeOf(this.#lastEndNanoseconds, this.clock);
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

  /** The series count failures, whatever they are. */
  failedUnseen(start: number): void {
    this.failed(start);
  }

  /** A call has turned out a failure, after the fact. */
  failedWithin(start: number, end: number, _reason: unknown): void {
    this.record(start, end);
    this.#failures.add(1);
  }

  /** The same of something thrown that was not caught. */
  failedUnseenWithin(start: number, end: number): void {
    this.record(start, end);
    this.#failures.add(1);
  }

  // Not `#`: a private method would be a field of every series, looked at with every call.
  private record(start: number, end: number): void {
    // The wall clock would be a third reading: it is told from the monotonic one when somebody asks.
    this.#lastEndNanoseconds = end;
    this.#durations.record((end - start) * 1e-9);
  }
}

/** Stands where a distribution will be. */
class AwaitedDurations {
  constructor(private readonly series: CallSeries) {}

  record(seconds: number): void {
    this.series.comeBack(seconds);
  }
}
