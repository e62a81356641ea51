/** The series of one method, resolved once, and the two ways a call can end. */
import type { Clock, CounterSeries, Distribution, HistogramSeries } from '@tsukimi/metrics';

interface CallSeriesOptions {
  readonly method: string;
  readonly clock: Clock;
  readonly successes: CounterSeries;
  readonly failures: CounterSeries;
  readonly durations: HistogramSeries;
}

/** What a wrapper holds: everything a call touches, with nothing left to look up. */
export class CallSeries {
  readonly method: string;
  readonly clock: Clock;
  readonly #successes: CounterSeries;
  readonly #failures: CounterSeries;
  readonly #distribution: Distribution;
  #lastEndNanoseconds = Number.NaN;

  constructor({ method, clock, successes, failures, durations }: CallSeriesOptions) {
    this.method = method;
    this.clock = clock;
    this.#successes = successes;
    this.#failures = failures;
    this.#distribution = durations.distribution;
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
    return new Date(Date.now() - (Number(this.clock()) - this.#lastEndNanoseconds) / 1e6);
  }

  /** A call that began at `start` has returned or fulfilled. */
  succeeded(start: bigint): void {
    this.#record(start);
    this.#successes.inc();
  }

  /** A call that began at `start` has thrown or rejected. */
  failed(start: bigint): void {
    this.#record(start);
    this.#failures.inc();
  }

  #record(start: bigint): void {
    const end = this.clock();
    // The wall clock would be a third reading: it is told from the monotonic one when somebody asks.
    this.#lastEndNanoseconds = Number(end);
    this.#distribution.record(Number(end - start) * 1e-9);
  }
}
