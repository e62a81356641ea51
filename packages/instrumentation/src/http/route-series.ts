/** The series of one route and method, which are resolved once. */
import { Distribution, type Histogram, type MetricsRegistry, type RecordOptions } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';
import { Kept, reporting } from '../kept-series.js';
import { ByLabelSet } from '../labels/by-label-set.js';
import { ownDistribution, wallTimeOf } from '../own-counts.js';
import type { BodySizes } from './body-sizes.js';
import { statusLabel } from './outcome-series.js';
import { type NamedInstruments, type Outcomes, outcomesOf } from './outcomes.js';
import type { StreamKind } from './stream-kind.js';

/** The histograms of the bytes of bodies. */
export function sizesOf(registry: MetricsRegistry): Readonly<Record<'requests' | 'responses', Histogram<'method' | 'path'>>> {
  return { requests: registry.histogram(CATALOGUE.httpRequestSize), responses: registry.histogram(CATALOGUE.httpResponseSize) };
}

const streams = (registry: MetricsRegistry): Histogram<'method' | 'path' | 'kind'> => registry.histogram(CATALOGUE.httpStreamDuration);

/** A request that has ended. */
interface EndedRequest {
  readonly status: number;
  readonly seconds: number;
  /** In nanoseconds of the clock. */
  readonly end: number;
  /** The values of the labels that the user computes, if there are any. */
  readonly values: readonly string[] | undefined;
}

/** The exemplar of a request. */
interface RequestExemplar {
  readonly seconds: number;
  readonly values: readonly string[] | undefined;
  readonly exemplar: RecordOptions;
}

const NO_VALUES: readonly string[] = [];

/** Records the requests to one route with one method. */
export class RouteSeries {
  /** Undefined if requests have labels of their own. */
  readonly #outcomes: Outcomes | undefined;
  readonly #labelled: ByLabelSet<Outcomes> | undefined;
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
    private readonly instruments: NamedInstruments,
  ) {
    if (instruments.requestLabels.length > 0)
      this.#labelled = new ByLabelSet((values) => this.#outcomesWith(values), instruments.registry.maxSeriesPerMetric);
    else this.#outcomes = outcomesOf({ method, path, own: {} }, instruments);
  }

  /** Records a request that has ended. Both times are in nanoseconds of the clock. */
  record(status: number, start: number, end: number): void {
    this.#outcomes?.record(status, (end - start) * 1e-9);
    this.#lastEndNanoseconds = end;
  }

  /** Like `record`, with the labels that the user computes. */
  recordLabelled({ status, seconds, end, values = NO_VALUES }: EndedRequest): void {
    this.#labelled?.of(values)?.record(status, seconds);
    this.#lastEndNanoseconds = end;
  }

  /** Records a stream that has ended. It counts as a request, but its duration is recorded separately, because it is not a response time. */
  recordStream(kind: StreamKind, { status, seconds, end, values = NO_VALUES }: EndedRequest): void {
    this.#streamSeries(kind).now?.record(seconds);
    (this.#outcomes ?? this.#labelled?.of(values))?.count(status);
    this.#lastEndNanoseconds = end;
  }

  /** Keeps the exemplar of a request that was just recorded. */
  keepExemplar(status: number, { seconds, values = NO_VALUES, exemplar }: RequestExemplar): void {
    (this.#outcomes ?? this.#labelled?.of(values))?.keepExemplar(status, seconds, exemplar);
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
    for (const count of this.statuses.values()) sum += count;
    return sum;
  }

  get distribution(): Distribution {
    const [first, ...more] = this.#all.flatMap(({ distributions }) => distributions);
    if (first !== undefined && more.length === 0) return first;
    const all = new Distribution([]);
    for (const each of first === undefined ? [] : [first, ...more]) all.merge(each);
    return all;
  }

  /** How a status is shown: `204`, or `2xx`. */
  labelOf(status: number): string {
    return statusLabel(status, this.instruments.statuses);
  }

  /** Requests by status code; by the lowest of a class if statuses are grouped. */
  get statuses(): ReadonlyMap<number, number> {
    const sums = new Map<number, number>();
    for (const [status, count] of this.#all.flatMap(({ statuses }) => statuses)) sums.set(status, (sums.get(status) ?? 0) + count);
    return sums;
  }

  /** The end of the last request, by the wall clock; undefined before the first. */
  get lastCalled(): Date | undefined {
    return wallTimeOf(this.#lastEndNanoseconds, this.instruments.clock);
  }

  get #all(): readonly Outcomes[] {
    return this.#outcomes === undefined ? (this.#labelled?.all ?? []) : [this.#outcomes];
  }

  #outcomesWith(values: readonly string[]): Outcomes | undefined {
    const { method, path, instruments } = this;
    const own = Object.fromEntries(instruments.requestLabels.map((name, index) => [name, values[index] as string]));
    return reporting(instruments.registry, () => outcomesOf({ method, path, own }, instruments));
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

  #sizeSeries() {
    const { method, path } = this;
    const { registry } = this.instruments;
    const series = (of: 'requests' | 'responses') =>
      new Kept(registry, (holder) => ownDistribution(sizesOf(registry)[of].labels({ method, path }), holder));
    return { received: series('requests'), sent: series('responses') };
  }
}
