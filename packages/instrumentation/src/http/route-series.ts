/** The series of one route and method, which are resolved once. */
import { type Clock, type Counter, type Distribution, type Histogram, type MetricsRegistry } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';
import { Kept } from '../kept-series.js';
import { type Count, NOTHING_TIMED, ownCount, ownDistribution, wallTimeOf } from '../own-counts.js';
import type { StreamKind } from './stream-kind.js';

/** The instruments in which requests are recorded. */
export interface HttpInstruments {
  readonly registry: MetricsRegistry;
  readonly clock: Clock;
}

const requests = (registry: MetricsRegistry): Counter<'method' | 'path' | 'status'> => registry.counter(CATALOGUE.httpRequests);
const durations = (registry: MetricsRegistry): Histogram<'method' | 'path'> => registry.histogram(CATALOGUE.httpRequestDuration);

const streams = (registry: MetricsRegistry): Histogram<'method' | 'path' | 'kind'> => registry.histogram(CATALOGUE.httpStreamDuration);

/** Records the requests to one route with one method. */
export class RouteSeries {
  readonly #distribution: Kept<Distribution>;
  readonly #statuses = new Map<number, Kept<Count>>();
  /** The series of streams by kind, created with the first stream of that kind. */
  readonly #streams = new Map<StreamKind, Kept<Distribution>>();
  #lastEndNanoseconds = Number.NaN;

  constructor(
    /** `GET`, `POST`, ... */
    readonly method: string,
    /** The route's template, such as `/api/users/:userId`. */
    readonly path: string,
    private readonly instruments: HttpInstruments,
  ) {
    const { registry } = instruments;
    this.#distribution = new Kept(registry, (holder) => ownDistribution(durations(registry).labels({ method, path }), holder));
  }

  /** Records a request that has ended. Both times are in nanoseconds of the clock. */
  record(status: number, start: number, end: number): void {
    this.#distribution.now?.record((end - start) * 1e-9);
    this.#statusSeries(status).now?.add(1);
    this.#lastEndNanoseconds = end;
  }

  /** Records a stream that has ended. It counts as a request, but its duration is recorded separately, because it is not a response time. */
  recordStream(
    status: number,
    { kind, seconds, end }: { readonly kind: StreamKind; readonly seconds: number; readonly end: number },
  ): void {
    this.#streamSeries(kind).now?.record(seconds);
    this.#statusSeries(status).now?.add(1);
    this.#lastEndNanoseconds = end;
  }

  /** The number of requests that have ended, including streams. */
  get requests(): number {
    let sum = 0;
    for (const { known } of this.#statuses.values()) sum += known?.value ?? 0;
    return sum;
  }

  get distribution(): Distribution {
    return this.#distribution.known ?? NOTHING_TIMED;
  }

  /** Requests by status code. */
  get statuses(): ReadonlyMap<number, number> {
    return new Map([...this.#statuses].map(([status, { known }]) => [status, known?.value ?? 0]));
  }

  /** The end of the last request, by the wall clock; undefined before the first. */
  get lastCalled(): Date | undefined {
    return wallTimeOf(this.#lastEndNanoseconds, this.instruments.clock);
  }

  #streamSeries(kind: StreamKind): Kept<Distribution> {
    let series = this.#streams.get(kind);
    if (series === undefined) {
      const labels = { method: this.method, path: this.path, kind };
      series = new Kept(this.instruments.registry, (holder) => ownDistribution(streams(this.instruments.registry).labels(labels), holder));
      this.#streams.set(kind, series);
    }
    return series;
  }

  #statusSeries(status: number): Kept<Count> {
    let series = this.#statuses.get(status);
    if (series === undefined) {
      const { registry } = this.instruments;
      const labels = { method: this.method, path: this.path, status: String(status) };
      series = new Kept(registry, (holder) => ownCount(requests(registry).labels(labels), holder));
      this.#statuses.set(status, series);
    }
    return series;
  }
}
