/** The series of the requests of one route that have the same labels beside their status, which are resolved once. */
import type { Clock, Counter, Distribution, Histogram, MetricsRegistry, RecordOptions, SeriesHolder } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';
import { KeptExemplars } from '../exemplars.js';
import { Kept, reporting } from '../kept-series.js';
import { type Count, ownCount, ownDistribution } from '../own-counts.js';

/** The instruments in which requests are recorded. */
export interface HttpInstruments {
  readonly registry: MetricsRegistry;
  readonly clock: Clock;
  readonly statuses: StatusOptions;
  /** The labels that a function of the user computes; empty if there is none. */
  readonly requestLabels: readonly string[];
}

/** How statuses are shown in labels. */
export interface StatusOptions {
  /** Whether the histogram of durations has the label `status_class`. */
  readonly hasClassOnDurations: boolean;
  /** Whether the counter of requests has classes of statuses instead of statuses: `2xx`. */
  readonly areGrouped: boolean;
}

/** The counter of requests, with the labels that the user computes. */
export function requestsOf({ registry, requestLabels }: HttpInstruments): Counter<string> {
  return registry.counter<string>({ ...CATALOGUE.httpRequests, labelNames: [...CATALOGUE.httpRequests.labelNames, ...requestLabels] });
}

/** The histogram of durations, with `status_class` if it is asked for, and with the labels that the user computes. */
export function durationsOf({ registry, statuses, requestLabels }: HttpInstruments): Histogram<string> {
  const { labelNames } = CATALOGUE.httpRequestDuration;
  const classes = statuses.hasClassOnDurations ? ['status_class'] : [];
  return registry.histogram<string>({ ...CATALOGUE.httpRequestDuration, labelNames: [...labelNames, ...classes, ...requestLabels] });
}

/** `2xx` for 204. */
function classOf(status: number): string {
  return `${Math.floor(status / 100)}xx`;
}

/** How a status is shown: `204`, or `2xx`. */
export function statusLabel(status: number, { areGrouped }: StatusOptions): string {
  return areGrouped ? classOf(status) : String(status);
}

/** Records requests by their status. */
export class OutcomeSeries {
  /** Undefined if there is one for each class of statuses. */
  readonly #distribution: Kept<Distribution> | undefined;
  readonly #byClass = new Map<string, Kept<Distribution>>();
  readonly #statuses = new Map<number, Kept<Count>>();
  /** By class of statuses; by an empty text if there is one series for all. */
  readonly #exemplars = new Map<string, KeptExemplars>();

  constructor(
    private readonly labels: Readonly<Record<string, string>>,
    private readonly instruments: HttpInstruments,
  ) {
    if (!instruments.statuses.hasClassOnDurations) this.#distribution = this.#durationSeries(labels);
  }

  record(status: number, seconds: number): void {
    (this.#distribution ?? this.#classSeries(status))?.now?.record(seconds);
    this.count(status);
  }

  /** Keeps the exemplar of a request that was just recorded, unless its route has no series of its own. */
  keepExemplar(status: number, seconds: number, exemplar: RecordOptions): void {
    const name = this.instruments.statuses.hasClassOnDurations ? classOf(status) : '';
    let exemplars = this.#exemplars.get(name);
    if (exemplars === undefined) {
      const labels = name === '' ? this.labels : { ...this.labels, status_class: name };
      exemplars = new KeptExemplars(this.instruments.registry, () => durationsOf(this.instruments).labels(labels));
      this.#exemplars.set(name, exemplars);
    }
    exemplars.keep(seconds, exemplar);
  }

  count(status: number): void {
    this.#statusSeries(status)?.now?.add(1);
  }

  /** Requests by status code; by the lowest of a class if statuses are grouped. */
  get statuses(): readonly (readonly [number, number])[] {
    return [...this.#statuses].map(([status, { known }]) => [status, known?.value ?? 0]);
  }

  get distributions(): readonly Distribution[] {
    const kept = this.#distribution === undefined ? [...this.#byClass.values()] : [this.#distribution];
    return kept.flatMap(({ known }) => known ?? []);
  }

  #durationSeries(labels: Readonly<Record<string, string>>): Kept<Distribution> {
    const { instruments } = this;
    return new Kept(instruments.registry, (holder) => ownDistribution(durationsOf(instruments).labels(labels), holder));
  }

  // What follows happens while the program runs, when the names may belong to other metrics.

  #classSeries(status: number): Kept<Distribution> | undefined {
    const name = classOf(status);
    const known = this.#byClass.get(name);
    if (known !== undefined) return known;
    const made = reporting(this.instruments.registry, () => this.#durationSeries({ ...this.labels, status_class: name }));
    if (made !== undefined) this.#byClass.set(name, made);
    return made;
  }

  #statusSeries(given: number): Kept<Count> | undefined {
    const { statuses } = this.instruments;
    const status = statuses.areGrouped ? given - (given % 100) : given;
    return this.#statuses.get(status) ?? this.#openStatus(status, statusLabel(status, statuses));
  }

  #openStatus(key: number, status: string): Kept<Count> | undefined {
    const { labels, instruments } = this;
    const find = (holder: SeriesHolder) => ownCount(requestsOf(instruments).labels({ ...labels, status }), holder);
    const made = reporting(instruments.registry, () => new Kept(instruments.registry, find));
    if (made !== undefined) this.#statuses.set(key, made);
    return made;
  }
}
