/** The series of one method, which are resolved once, and in which its calls are recorded. */
import { type Clock, Distribution, nanoseconds, type SeriesHolder } from '@tsukimi/metrics';
import { type Count, NOTHING_TIMED, wallTimeOf } from '../../own-counts.js';
import type { CallOutcome, CallRecorder } from './call-recorder.js';
import type { FailuresByError } from './failures-by-error.js';
import { requireStackRoom } from './stack-room.js';

/** The series in which the calls of one method are recorded. */
export interface MethodSeries {
  readonly successes: Count;
  readonly failures: Count;
  readonly distribution: Distribution;
}

interface CallSeriesOptions {
  readonly method: string;
  readonly clock: Clock;
  /** Creates all series or none, and holds them. */
  readonly open: (method: string, holder: SeriesHolder) => MethodSeries;
  /** Creates the series again while the program runs; undefined if that is not possible. */
  readonly reopen: (method: string, holder: SeriesHolder) => MethodSeries | undefined;
  /** Called with the first failure. */
  readonly failuresByError: (method: string) => FailuresByError;
  /** Whether the series are created with the first call, not immediately. */
  readonly isAwaited: boolean;
  readonly wantsThrown: boolean;
}

const NOTHING_COUNTED: Count = { value: 0, add() {} };

/** The recorder that a wrapper holds. It contains everything that a call needs, so that nothing is looked up. */
export class CallSeries implements CallRecorder, SeriesHolder {
  readonly method: string;
  readonly clock: Clock;
  readonly begins: Clock;
  readonly wantsThrown: boolean;
  readonly #reopen: CallSeriesOptions['reopen'];
  readonly #makeFailuresByError: CallSeriesOptions['failuresByError'];
  #failuresByError: FailuresByError | undefined;
  #successes = NOTHING_COUNTED;
  #failures = NOTHING_COUNTED;
  /** If the series do not exist, this object creates them when a duration is recorded, so that a call needs no check. */
  #durations: Pick<Distribution, 'record'>;
  #lastEndNanoseconds = Number.NaN;

  constructor({ method, clock, open, reopen, failuresByError, isAwaited, wantsThrown }: CallSeriesOptions) {
    this.method = method;
    this.clock = clock;
    this.begins = clock;
    this.wantsThrown = wantsThrown;
    this.#reopen = reopen;
    this.#makeFailuresByError = failuresByError;
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

  /** One of the series was removed or reset. The next call looks up all of them again. */
  forgotten(): void {
    if (!this.isExposed) return;
    this.#successes = NOTHING_COUNTED;
    this.#failures = NOTHING_COUNTED;
    this.#durations = new AwaitedDurations(this);
  }

  /** Creates the series, and records the duration of the current call. */
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

  /** How many calls failed with each class of errors. */
  get failuresByError(): Readonly<Record<string, number>> {
    return this.#failuresByError?.counts ?? {};
  }

  get distribution(): Distribution {
    return this.#durations instanceof Distribution ? this.#durations : NOTHING_TIMED;
  }

  /** The end of the last call, by the wall clock; undefined before the first. */
  get lastCalled(): Date | undefined {
    return wallTimeOf(this.#lastEndNanoseconds, this.clock);
  }

  /** Records that a call that began at `start` (in nanoseconds of the clock, like all times here) has returned or fulfilled. */
  succeeded(start: number): void {
    this.record(start, nanoseconds(this.clock()));
    this.#successes.add(1);
  }

  /** Records a success whose end was found later. */
  succeededWithin(start: number, end: number): void {
    this.record(start, end);
    this.#successes.add(1);
  }

  /** Records that a call that began at `start` has thrown or rejected. */
  failed(start: number, reason: unknown): void {
    requireStackRoom();
    this.failedWithin(start, nanoseconds(this.clock()), reason);
  }

  /** A call that began at `start` has thrown something that was not caught. */
  failedUnseen(start: number): void {
    requireStackRoom();
    this.failedUnseenWithin(start, nanoseconds(this.clock()));
  }

  /** Records a failure whose end was found later. */
  failedWithin(start: number, end: number, reason: unknown): void {
    this.record(start, end);
    this.#failures.add(1);
    this.byError().add(reason);
  }

  /** The same of something thrown that was not caught. */
  failedUnseenWithin(start: number, end: number): void {
    this.record(start, end);
    this.#failures.add(1);
    this.byError().addUnseen();
  }

  endedWithin(start: number, end: number, { hasFailed, error }: CallOutcome): void {
    if (!hasFailed) {
      this.succeededWithin(start, end);
      return;
    }
    requireStackRoom();
    this.failedWithin(start, end, error);
  }

  private byError(): FailuresByError {
    this.#failuresByError ??= this.#makeFailuresByError(this.method);
    return this.#failuresByError;
  }

  // Not `#`, because a private method adds a field to every instance, which every call checks.
  private record(start: number, end: number): void {
    // Reading the wall clock would be a third clock read. Its time is computed from the monotonic clock when it is needed.
    this.#lastEndNanoseconds = end;
    this.#durations.record((end - start) * 1e-9);
  }
}

/** The placeholder of a distribution that does not exist yet. */
class AwaitedDurations {
  constructor(private readonly series: CallSeries) {}

  record(seconds: number): void {
    this.series.comeBack(seconds);
  }
}
