/** The series of one route and method, which are resolved once. */
import { type Clock, type Counter, Distribution, type Histogram, type MetricsRegistry } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';
import { Kept } from '../kept-series.js';
import { type Count, NOTHING_TIMED, ownCount, ownDistribution, wallTimeOf } from '../own-counts.js';
import type { BodySizes } from './body-sizes.js';
import type { StreamKind } from './stream-kind.js';

/** The instruments in which requests are recorded. */
export interface HttpInstruments {
  readonly registry: MetricsRegistry;
  readonly clock: Clock;
  readonly statuses: StatusOptions;
}

/** How statuses are shown in labels. */
export interface StatusOptions {
  /** Whether the histogram of durations has the label `status_class`. */
  readonly hasClassOnDurations: boolean;
  /** Whether the counter of requests has classes of statuses instead of statuses: `2xx`. */
  readonly areGrouped: boolean;
}

const requests = (registry: MetricsRegistry): Counter<'method' | 'path' | 'status'> => registry.counter(CATALOGUE.httpRequests);
/** The histogram of durations, with `status_class` if it is asked for. */
export function durationsOf({ registry, statuses }: HttpInstruments): Histogram<string> {
  const { labelNames } = CATALOGUE.httpRequestDuration;
  const names: readonly string[] = statuses.hasClassOnDurations ? [...labelNames, 'status_class'] : labelNames;
  return registry.histogram<string>({ ...CATALOGUE.httpRequestDuration, labelNames: names });
}

/** The histograms of the bytes of bodies. */
export function sizesOf(registry: MetricsRegistry): Readonly<Record<'requests' | 'responses', Histogram<'method' | 'path'>>> {
  return { requests: registry.histogram(CATALOGUE.httpRequestSize), responses: registry.histogram(CATALOGUE.httpResponseSize) };
}

/** `2xx` for 204. */
function classOf(status: number): string {
  return `${Math.floor(status / 100)}xx`;
}

const streams = (registry: MetricsRegistry): Histogram<'method' | 'path' | 'kind'> => registry.histogram(CATALOGUE.httpStreamDuration);

/** Records the requests to one route with one method. */
export class RouteSeries {
  /** Undefined if there is one for each class of statuses. */
  readonly #distribution: Kept<Distribution> | undefined;
  readonly #byClass = new Map<string, Kept<Distribution>>();
  readonly #statuses = new Map<number, Kept<Count>>();
  /** The series of streams by kind, created with the first stream of that kind. */
  readonly #streams = new Map<StreamKind, Kept<Distribution>>();
  /** The series of sizes, created with the first request whose bodies are counted. */
  #sizes: { readonly received: Kept<Distribution>; readonly sent: Kept<Distribution> } | undefined = undefined;
  #lastEndNanoseconds = Number.NaN;

  constructor(
    /** `GET`, `POST`, ... */
    readonly method: string,
    /** The route's template, such as `/api/users/:userId`. */
    readonly path: string,
    private readonly instruments: HttpInstruments,
  ) {
    if (!instruments.statuses.hasClassOnDurations) this.#distribution = this.#durationSeries({ method, path });
  }

  /** Records a request that has ended. Both times are in nanoseconds of the clock. */
  record(status: number, start: number, end: number): void {
    (this.#distribution ?? this.#classSeries(status)).now?.record((end - start) * 1e-9);
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

  /** Records the bytes of the bodies of a request that has ended, whether it was a stream or not. */
  recordSizes({ received, sent }: BodySizes): void {
    this.#sizes ??= this.#sizeSeries();
    this.#sizes.received.now?.record(received);
    this.#sizes.sent.now?.record(sent);
  }

  /** The number of requests that have ended, including streams. */
  get requests(): number {
    let sum = 0;
    for (const { known } of this.#statuses.values()) sum += known?.value ?? 0;
    return sum;
  }

  get distribution(): Distribution {
    if (this.#distribution !== undefined) return this.#distribution.known ?? NOTHING_TIMED;
    const all = new Distribution([]);
    for (const { known } of this.#byClass.values()) if (known !== undefined) all.merge(known);
    return all;
  }

  /** How a status is shown: `204`, or `2xx`. */
  labelOf(status: number): string {
    return this.instruments.statuses.areGrouped ? classOf(status) : String(status);
  }

  /** Requests by status code; by the lowest of a class if statuses are grouped. */
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

  #durationSeries(labels: Readonly<Record<string, string>>): Kept<Distribution> {
    const { instruments } = this;
    return new Kept(instruments.registry, (holder) => ownDistribution(durationsOf(instruments).labels(labels), holder));
  }

  #sizeSeries() {
    const { method, path } = this;
    const { registry } = this.instruments;
    const series = (of: 'requests' | 'responses') =>
      new Kept(registry, (holder) => ownDistribution(sizesOf(registry)[of].labels({ method, path }), holder));
    return { received: series('requests'), sent: series('responses') };
  }

  #classSeries(status: number): Kept<Distribution> {
    const name = classOf(status);
    let series = this.#byClass.get(name);
    if (series === undefined) {
      series = this.#durationSeries({ method: this.method, path: this.path, status_class: name });
      this.#byClass.set(name, series);
    }
    return series;
  }

  #statusSeries(given: number): Kept<Count> {
    const status = this.instruments.statuses.areGrouped ? given - (given % 100) : given;
    let series = this.#statuses.get(status);
    if (series === undefined) {
      const { registry } = this.instruments;
      const labels = { method: this.method, path: this.path, status: this.labelOf(status) };
      series = new Kept(registry, (holder) => ownCount(requests(registry).labels(labels), holder));
      this.#statuses.set(status, series);
    }
    return series;
  }
}
