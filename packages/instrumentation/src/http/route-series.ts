/** The series of one route and method, resolved once. */
import type { Counter, CounterSeries, Distribution, Histogram, HistogramSeries } from '@tsukimi/metrics';

/** What requests are recorded with. */
export interface HttpInstruments {
  readonly requests: Counter<'method' | 'path' | 'status'>;
  readonly durations: Histogram<'method' | 'path'>;
}

/** What a request to one route with one method is recorded in. */
export class RouteSeries {
  readonly #durations: HistogramSeries;
  readonly #statuses = new Map<number, CounterSeries>();
  #lastEndMs = Number.NaN;

  constructor(
    /** `GET`, `POST`, ... */
    readonly method: string,
    /** The route's template, such as `/api/users/:userId`. */
    readonly path: string,
    private readonly instruments: HttpInstruments,
  ) {
    this.#durations = instruments.durations.labels({ method, path });
  }

  /** Counts a request that has ended. */
  record(status: number, durationSeconds: number): void {
    this.#durations.observe(durationSeconds);
    this.#statusSeries(status).inc();
    this.#lastEndMs = Date.now();
  }

  get distribution(): Distribution {
    return this.#durations.distribution;
  }

  /** Requests by status code. */
  get statuses(): ReadonlyMap<number, number> {
    return new Map([...this.#statuses].map(([status, series]) => [status, series.value]));
  }

  /** When the last request ended; undefined before the first. */
  get lastCalled(): Date | undefined {
    return Number.isNaN(this.#lastEndMs) ? undefined : new Date(this.#lastEndMs);
  }

  #statusSeries(status: number): CounterSeries {
    let series = this.#statuses.get(status);
    if (series === undefined) {
      series = this.instruments.requests.labels({ method: this.method, path: this.path, status: String(status) });
      this.#statuses.set(status, series);
    }
    return series;
  }
}
