/** The metrics of one application, and their way out. */
import { type Clock, processClock } from './clock.js';
import { collectFailed, invalidSnapshot, type MetricError, nameTaken, shapeConflict } from './errors.js';
import { inSlices } from './exposition/slices.js';
import { type MetricSnapshot, mergeInto, type RegistrySnapshot, snapshotOf } from './exposition/snapshot.js';
import { type DefaultLabels, familyText, instrumentText } from './exposition/text.js';
import { Counter, type CounterOptions } from './instruments/counter.js';
import { Gauge, type GaugeOptions } from './instruments/gauge.js';
import { Histogram, type HistogramOptions } from './instruments/histogram.js';
import { Instrument, type InstrumentHost } from './instruments/instrument.js';
import { OpenCounter } from './instruments/open-counter.js';
import { shapeOf, shapeOfOptions } from './instruments/shape.js';
import type { LabelValue } from './label-types.js';
import { type PromClientMetric, PromClientRegistry, readFamily } from './prom-client.js';
import { INVALID_VALUES, SERIES_DROPPED } from './self-metrics.js';

export interface RegistryOptions {
  /** Labels that every series carries unless it has one of the same name. */
  readonly defaultLabels?: DefaultLabels;
  /** Label sets a metric may have; further ones are recorded together as `__overflow__`. 2000 unless told. */
  readonly maxSeriesPerMetric?: number;
  /** Reads the time for durations; the process's monotonic clock unless told. */
  readonly clock?: Clock;
  /** Hears of what was refused or dropped, once for each metric and reason; a process warning unless told. */
  readonly onError?: (error: MetricError) => void;
}

export interface ExposeOptions {
  /** Only these metrics; all unless told. */
  readonly names?: readonly string[] | undefined;
}

/** What an instrument needs to exist, beside the registry. */
type Unregistered<O> = Omit<O, 'registers'>;

/**
 * The metrics of one application. Nothing in it is global: two registries share no metric.
 *
 * It is a prom-client `Registry`, so prom-client's metrics can be registered in it and its exporters can read it.
 */
export class MetricsRegistry extends PromClientRegistry implements InstrumentHost {
  readonly clock: Clock;
  readonly maxSeriesPerMetric: number;
  readonly #onError: (error: MetricError) => void;
  readonly #reported = new Set<string>();
  readonly #dropped: Counter<'metric'>;
  readonly #invalid: Counter<'metric'>;
  readonly #recorded = new Map<string, Counter<string>>();
  #defaultLabels: DefaultLabels;

  constructor(options: RegistryOptions = {}) {
    super();
    this.clock = options.clock ?? processClock;
    this.maxSeriesPerMetric = options.maxSeriesPerMetric ?? 2000;
    this.#onError = options.onError ?? ((error) => process.emitWarning(error.message, { type: error.name, code: error.code }));
    this.#defaultLabels = { ...options.defaultLabels };
    this.#dropped = this.counter(SERIES_DROPPED);
    this.#invalid = this.counter(INVALID_VALUES);
  }

  /**
   * The counter of this name, made on first use.
   * @throws TSK_ERR_METRIC_SHAPE where the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME
   */
  counter<const L extends string = never>(options: Unregistered<CounterOptions<L>>): Counter<L> {
    return this.#getOrCreate('counter', options, () => new Counter<L>({ ...options, registers: [this] }));
  }

  /**
   * The gauge of this name, made on first use.
   * @throws TSK_ERR_METRIC_SHAPE where the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME
   */
  gauge<const L extends string = never>(options: Unregistered<GaugeOptions<L>>): Gauge<L> {
    return this.#getOrCreate('gauge', options, () => new Gauge<L>({ ...options, registers: [this] }));
  }

  /**
   * The histogram of this name, made on first use.
   * @throws TSK_ERR_METRIC_SHAPE where the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_BUCKETS
   */
  histogram<const L extends string = never>(options: Unregistered<HistogramOptions<L>>): Histogram<L> {
    return this.#getOrCreate('histogram', options, () => new Histogram<L>({ ...options, registers: [this] }));
  }

  /**
   * Adds to a counter, which is made on first use and takes the labels it is given. Never throws: what can't be recorded is refused,
   * counted in `metrics_invalid_values_total` and reported once.
   * @param name letters, digits and underscores, ending in `_total`
   * @param value finite and not negative
   * @param labels few values for each: every combination is a series
   */
  recordMetric(name: string, value = 1, labels: Readonly<Record<string, LabelValue>> = {}): void {
    const counter = this.#recorded.get(name) ?? this.#recordedCounter(name);
    counter?.inc(labels, value);
  }

  /** Our own metrics, in the order they were made. */
  get instruments(): readonly Instrument[] {
    return this.#all().filter((metric) => metric instanceof Instrument);
  }

  /** The scrape as one string, in Prometheus's text format 0.0.4. Made in slices: requests are answered in between. */
  async expose(options: ExposeOptions = {}): Promise<string> {
    const chunks: string[] = [];
    for await (const chunk of this.exposeStream(options)) chunks.push(chunk);
    return chunks.join('');
  }

  /** The scrape in chunks, for answers that are streamed; between them the event loop gets its turns. */
  async *exposeStream(options: ExposeOptions = {}): AsyncGenerator<string> {
    const asked = this.#all().filter((metric) => options.names === undefined || options.names.includes(nameOf(metric)));
    const sources = await Promise.all(asked.map((metric) => this.#read(metric)));
    yield* inSlices(sources);
  }

  /** The scrape as one string; prom-client's name for `expose()`. */
  override metrics(): Promise<string> {
    return this.expose();
  }

  override getSingleMetricAsString(name: string): Promise<string> {
    return this.expose({ names: [name] });
  }

  /** The state of our own metrics as plain JSON; prom-client's are not in it. */
  snapshot(): RegistrySnapshot {
    return { version: 1, metrics: this.instruments.map(snapshotOf) };
  }

  /**
   * Adds a snapshot of another registry: counts and distributions add up, gauges follow their aggregator. Missing metrics are made.
   * @throws TSK_ERR_METRIC_SNAPSHOT, TSK_ERR_METRIC_SHAPE
   */
  merge(snapshot: RegistrySnapshot): void {
    if (snapshot?.version !== 1 || !Array.isArray(snapshot.metrics)) throw invalidSnapshot('it is not a snapshot of version 1');
    for (const metric of snapshot.metrics) mergeInto(this.#instrumentFor(metric), metric);
  }

  /**
   * Adds a metric made elsewhere, such as one of prom-client's.
   * @throws TSK_ERR_METRIC_NAME_TAKEN
   */
  override registerMetric(metric: PromClientMetric | Instrument): void {
    const name = nameOf(metric);
    const existing: unknown = this.getSingleMetric(name);
    if (existing !== undefined && existing !== metric) throw nameTaken(name);
    super.registerMetric(metric as PromClientMetric);
  }

  /** @internal */
  add(instrument: Instrument): void {
    this.registerMetric(instrument);
  }

  override removeSingleMetric(name: string): void {
    this.#recorded.delete(name);
    super.removeSingleMetric(name);
  }

  /** Removes every metric but what the registry tells of itself. */
  override clear(): void {
    super.clear();
    this.#recorded.clear();
    this.#defaultLabels = {};
    for (const own of [this.#dropped, this.#invalid]) {
      own.reset();
      this.add(own as Instrument);
    }
  }

  override setDefaultLabels(labels: object): void {
    this.#defaultLabels = { ...(labels as DefaultLabels) };
    for (const instrument of this.instruments) for (const series of instrument.series) series.exposedLabels = undefined;
  }

  /** Sets every series back to its beginning. Series that code holds stay in the registry and go on counting. */
  override resetMetrics(): void {
    for (const metric of this.#all()) {
      if (metric instanceof Instrument) metric.resetSeries();
      else metric.reset();
    }
  }

  /** @internal */
  refused(metric: string, error: MetricError): void {
    this.#invalid.inc({ metric });
    this.#report(metric, error.code, () => error);
  }

  /** @internal */
  overflowed(metric: string, error: () => MetricError): void {
    // The budget of this metric itself: what has no series left is still told once.
    if (metric !== SERIES_DROPPED.name) this.#dropped.inc({ metric });
    this.#report(metric, 'TSK_ERR_METRIC_SERIES_BUDGET', error);
  }

  #recordedCounter(name: string): Counter<string> | undefined {
    try {
      const existing: unknown = this.getSingleMetric(name);
      if (existing !== undefined && !(existing instanceof Counter)) throw shapeConflict(name, kindOf(existing), 'counter, by recordMetric');
      const counter: Counter<string> = existing ?? new OpenCounter({ name, help: 'Recorded by recordMetric.', registers: [this] });
      this.#recorded.set(name, counter);
      return counter;
    } catch (error) {
      this.refused(String(name), error as MetricError);
      return undefined;
    }
  }

  #report(metric: string, reason: string, error: () => MetricError): void {
    const key = `${metric} ${reason}`;
    if (this.#reported.has(key) || this.#reported.size >= this.maxSeriesPerMetric) return;
    this.#reported.add(key);
    this.#onError(error());
  }

  #all(): readonly (Instrument | PromClientMetric)[] {
    return this.getMetricsAsArray() as unknown as readonly (Instrument | PromClientMetric)[];
  }

  async #read(metric: Instrument | PromClientMetric): Promise<Iterable<string>> {
    try {
      if (!(metric instanceof Instrument)) return familyText(await readFamily(metric), this.#defaultLabels);
      await metric.collect?.();
      return instrumentText(metric, this.#defaultLabels);
    } catch (cause) {
      const name = nameOf(metric);
      this.#report(name, 'TSK_ERR_METRIC_COLLECT', () => collectFailed(name, cause));
      return [];
    }
  }

  #getOrCreate<I extends Instrument>(type: I['type'], options: ShapeOptions, create: () => I): I {
    const existing: unknown = this.getSingleMetric(options.name);
    if (existing === undefined) return create();
    if (!(existing instanceof Instrument)) throw nameTaken(options.name);
    const asked = shapeOfOptions(type, options);
    if (shapeOf(existing) !== asked) throw shapeConflict(options.name, shapeOf(existing), asked);
    return existing as I;
  }

  #instrumentFor(metric: MetricSnapshot): Instrument {
    switch (metric.type) {
      case 'counter':
        return this.counter<string>(metric) as unknown as Instrument;
      case 'gauge':
        return this.gauge<string>(metric) as unknown as Instrument;
      case 'histogram':
        return this.histogram<string>({ ...metric, buckets: metric.bounds }) as unknown as Instrument;
      default:
        throw invalidSnapshot(`${(metric as { name: unknown }).name} is of an unknown type`);
    }
  }
}

function kindOf(metric: unknown): string {
  return metric instanceof Instrument ? shapeOf(metric) : "a metric of prom-client's";
}

// prom-client's metrics have a name; its type declarations leave it out.
function nameOf(metric: Instrument | PromClientMetric): string {
  return (metric as { readonly name: string }).name;
}

type ShapeOptions = Parameters<typeof shapeOfOptions>[1];
