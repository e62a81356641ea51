/** The series of one route and method, resolved once. */
import type { Clock, Counter, Distribution, Histogram } from '@tsukimi/metrics';
import { nanoseconds } from '../calls/nanoseconds.js';
import { type Count, ownCount, ownDistribution } from '../own-counts.js';

/** What requests are recorded with. */
export interface HttpInstruments {
  readonly requests: Counter<'method' | 'path' | 'status'>;
  readonly durations: Histogram<'method' | 'path'>;
  readonly clock: Clock;
}

/** What a request to one route with one method is recorded in. */
export class RouteSeries {
  readonly #distribution: Distribution;
  readonly #statuses = new Map<number, Count>();
  #lastEndNanoseconds = Number.NaN;

  constructor(
    /** `GET`, `POST`, ... */
    readonly method: string,
    /** The route's template, such as `/api/users/:userId`. */
    readonly path: string,
    private readonly instruments: HttpInstruments,
  ) {
    this.#distribution = ownDistribution(instruments.durations.labels({ method, path }));
  }

  /** Counts a request that has ended; both times in nanoseconds of the clock. */
  record(status: number, start: number, end: number): void {
    this.#distribution.record((end - start) * 1e-9);
    this.#statusSeries(status).add(1);
    this.#lastEndNanoseconds = end;
  }

  get distribution(): Distribution {
    return this.#distribution;
  }

  /** Requests by status code. */
  get statuses(): ReadonlyMap<number, number> {
    return new Map([...this.#statuses].map(([status, series]) => [status, series.value]));
  }

  /** When the last request ended, by the wall clock; undefined before the first. */
  get lastCalled(): Date | undefined {
    if (Number.isNaN(this.#lastEndNanoseconds)) return undefined;
    return new Date(Date.now() - (nanoseconds(this.instruments.clock()) - this.#lastEndNanoseconds) / 1e6);
  }

  #statusSeries(status: number): Count {
    let series = this.#statuses.get(status);
    if (series === undefined) {
      series = ownCount(this.instruments.requests.labels({ method: this.method, path: this.path, status: String(status) }));
      this.#statuses.set(status, series);
    }
    return series;
  }
}
