/** The metrics of one application, and their way out. */
import { type Clock, processClock } from './clock.js';
import { collectFailed, invalidBudget, invalidContentType, MetricError, nameTaken, shapeConflict } from './errors.js';
import { checkedDefaultLabels, type DefaultLabels, filledUp } from './exposition/default-labels.js';
import { addSnapshot, type Merge } from './exposition/merge.js';
import { inSlices } from './exposition/slices.js';
import { type MetricSnapshot, type RegistrySnapshot, snapshotOf } from './exposition/snapshot.js';
import { checkSnapshot } from './exposition/snapshot-check.js';
import { familyText, instrumentText } from './exposition/text.js';
import { Counter, type CounterOptions } from './instruments/counter.js';
import { Gauge, type GaugeOptions } from './instruments/gauge.js';
import { Histogram, type HistogramOptions } from './instruments/histogram.js';
import { Instrument, type InstrumentHost } from './instruments/instrument.js';
import { OpenCounter } from './instruments/open-counter.js';
import { shapeOf, shapeOfOptions } from './instruments/shape.js';
import { labelText } from './label-text.js';
import type { LabelValue } from './label-types.js';
import { checkMetricName } from './names.js';
import { isProcessMetric, type PromClientJson, type PromClientMetric, PromClientRegistry, readFamily } from './prom-client.js';
import { Reports } from './reports.js';
import { checkSampleNames } from './sample-names.js';
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
  /** Prometheus's text format 0.0.4, the only one yet. */
  readonly format?: 'prometheus' | undefined;
  /** Only these metrics; all unless told. */
  readonly names?: readonly string[] | undefined;
}

/** What an instrument needs to exist, beside the registry. */
type Unregistered<O> = Omit<O, 'registers'>;

/** What a registry holds: an instrument of ours, or a metric made with prom-client. */
type Entry = Instrument | PromClientMetric;

/**
 * The metrics of one application. Nothing in it is global: two registries share no metric.
 *
 * It is a prom-client `Registry`, so prom-client's metrics can be registered in it and its exporters can read it.
 */
export class MetricsRegistry extends PromClientRegistry<Entry> implements InstrumentHost {
  readonly clock: Clock;
  readonly maxSeriesPerMetric: number;
  readonly #reports: Reports;
  readonly #dropped: Counter<'metric'>;
  readonly #invalid: Counter<'metric'>;
  #defaultLabels: DefaultLabels;

  /** @throws TSK_ERR_METRIC_BUDGET, TSK_ERR_METRIC_LABEL_NAME */
  constructor(options: RegistryOptions = {}) {
    super();
    this.clock = options.clock ?? processClock;
    this.maxSeriesPerMetric = options.maxSeriesPerMetric === undefined ? 2000 : options.maxSeriesPerMetric;
    if (!Number.isSafeInteger(this.maxSeriesPerMetric) || this.maxSeriesPerMetric < 1) throw invalidBudget(options.maxSeriesPerMetric);
    this.#reports = new Reports(options.onError);
    this.#defaultLabels = checkedDefaultLabels(options.defaultLabels ?? {});
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
    const existing: unknown = this.getSingleMetric(name);
    const counter = existing instanceof Counter ? (existing as Counter<string>) : this.#openCounter(name, existing);
    counter?.inc(labels ?? {}, value);
  }

  /** Our own metrics, in the order they were made. */
  get instruments(): readonly Instrument[] {
    return [...this.metricsByName.values()].filter((metric) => metric instanceof Instrument);
  }

  /** The scrape as one string, in Prometheus's text format 0.0.4. Made in slices: requests are answered in between. */
  async expose(options: ExposeOptions = {}): Promise<string> {
    const chunks: string[] = [];
    for await (const chunk of this.exposeStream(options)) chunks.push(chunk);
    return chunks.join('');
  }

  /** The scrape in chunks, for answers that are streamed; between them the event loop gets its turns. */
  async *exposeStream({ names }: ExposeOptions = {}): AsyncGenerator<string> {
    const asked = [...this.metricsByName].filter(([name]) => names === undefined || names.includes(name));
    const sources = await Promise.all(asked.map(([name, metric]) => this.#linesOf(name, metric)));
    yield* inSlices(sources);
  }

  /** The scrape as one string; prom-client's name for `expose()`. */
  override metrics(): Promise<string> {
    return this.expose();
  }

  override getSingleMetricAsString(name: string): Promise<string> {
    return this.expose({ names: [name] });
  }

  /** Every metric as prom-client's exporters read it; what fails is left out and reported, as in a scrape. */
  override async getMetricsAsJSON(): Promise<PromClientJson> {
    const read = await Promise.all([...this.metricsByName].map(([name, metric]) => this.#jsonOf(name, metric)));
    return read.flat() as unknown as PromClientJson;
  }

  /** The state of our own metrics as plain JSON; prom-client's are not in it. */
  snapshot(): RegistrySnapshot {
    return { version: 1, metrics: this.instruments.map(snapshotOf) };
  }

  /**
   * Adds a snapshot of another registry: counts and distributions add up, gauges follow their aggregator. Missing metrics are made; gauges
   * whose aggregator is `omit` are left out. Where it throws, nothing was added.
   * @throws TSK_ERR_METRIC_SNAPSHOT, TSK_ERR_METRIC_SHAPE, and what creating a metric throws
   */
  merge(snapshot: RegistrySnapshot): void {
    checkSnapshot(snapshot);
    const wanted = snapshot.metrics.filter((metric) => metric.type !== 'gauge' || metric.aggregator !== 'omit');
    for (const merge of wanted.map((metric) => this.#mergeOf(metric))) addSnapshot(merge);
  }

  /**
   * Adds a metric made elsewhere, such as one of prom-client's.
   * @throws TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_NAME_TAKEN, TSK_ERR_METRIC_NAME_OVERLAP
   */
  override registerMetric(metric: Entry): void {
    const name = (metric as { readonly name?: unknown } | undefined | null)?.name;
    checkMetricName(name);
    const existing = this.metricsByName.get(name);
    if (existing === metric) return;
    if (existing !== undefined) throw nameTaken(name);
    checkSampleNames(name, metric, this.metricsByName);
    this.metricsByName.set(name, metric);
  }

  /** @internal */
  add(instrument: Instrument): void {
    this.registerMetric(instrument);
  }

  /** Removes every metric but what the registry tells of itself, and the default labels. */
  override clear(): void {
    super.clear();
    this.#reports.clear();
    this.#defaultLabels = {};
    for (const own of [this.#dropped, this.#invalid]) {
      own.reset();
      this.add(own as Instrument);
    }
  }

  /** @throws TSK_ERR_METRIC_LABEL_NAME */
  override setDefaultLabels(labels: object): void {
    this.#defaultLabels = checkedDefaultLabels(labels);
  }

  /** @throws TSK_ERR_METRIC_CONTENT_TYPE for any but the text format 0.0.4 */
  override setContentType(contentType: typeof PromClientRegistry.PROMETHEUS_CONTENT_TYPE): void {
    if (contentType !== PromClientRegistry.PROMETHEUS_CONTENT_TYPE) throw invalidContentType(contentType);
  }

  /**
   * Sets every series back to its beginning. Series that code holds stay in the registry and go on counting; `processMetrics()`, which
   * belong to the process, are left alone.
   */
  override resetMetrics(): void {
    for (const metric of this.metricsByName.values()) {
      if (metric instanceof Instrument) metric.resetSeries();
      else if (!isProcessMetric(metric)) metric.reset();
    }
  }

  /** @internal */
  refused(metric: string, reason: MetricError['code'], error: () => MetricError): void {
    this.#invalid.inc({ metric });
    this.#reports.once(metric, reason, error);
  }

  /** @internal */
  overflowed(metric: string, error: () => MetricError): void {
    // The budget of this metric itself: what has no series left is still told once.
    if (metric !== SERIES_DROPPED.name) this.#dropped.inc({ metric });
    this.#reports.once(metric, 'TSK_ERR_METRIC_SERIES_BUDGET', error);
  }

  #openCounter(name: string, existing: unknown): Counter<string> | undefined {
    try {
      if (existing !== undefined) throw shapeConflict(name, kindOf(existing), 'counter, by recordMetric');
      return new OpenCounter({ name, help: 'Recorded by recordMetric.', registers: [this] });
    } catch (error) {
      if (!(error instanceof MetricError)) throw error;
      this.refused(typeof name === 'string' ? labelText(name) : typeof name, error.code, () => error);
      return undefined;
    }
  }

  async #linesOf(name: string, metric: Entry): Promise<Iterable<string>> {
    try {
      if (!(metric instanceof Instrument)) return this.#guarded(name, familyText(await readFamily(name, metric), this.#defaultLabels));
      await metric.collect?.();
      return this.#guarded(name, instrumentText(metric, this.#defaultLabels));
    } catch (cause) {
      this.#reportCollect(name, cause);
      return [];
    }
  }

  /** Lines are written while they are read: what fails on the way costs the rest of this metric, not of the scrape. */
  *#guarded(name: string, lines: Iterable<string>): Generator<string> {
    try {
      yield* lines;
    } catch (cause) {
      this.#reportCollect(name, cause);
    }
  }

  async #jsonOf(name: string, metric: Entry): Promise<readonly object[]> {
    try {
      const state = metric instanceof Instrument ? await metric.get() : await readFamily(name, metric);
      const values = (state.values ?? []).map((sample) => ({ ...sample, labels: filledUp(sample.labels ?? {}, this.#defaultLabels) }));
      return [{ ...state, values }];
    } catch (cause) {
      this.#reportCollect(name, cause);
      return [];
    }
  }

  #reportCollect(name: string, cause: unknown): void {
    this.#reports.once(name, 'TSK_ERR_METRIC_COLLECT', () => collectFailed(name, cause));
  }

  #getOrCreate<I extends Instrument>(type: I['type'], options: ShapeOptions, create: () => I): I {
    const existing: unknown = this.getSingleMetric(options.name);
    if (existing === undefined) return create();
    if (!(existing instanceof Instrument)) throw nameTaken(options.name);
    const asked = shapeOfOptions(type, options);
    if (shapeOf(existing) !== asked) throw shapeConflict(options.name, shapeOf(existing), asked);
    return existing as I;
  }

  #mergeOf(metric: MetricSnapshot): Merge {
    const existing = this.metricsByName.get(metric.name);
    return { metric, instrument: this.#instrumentFor(metric, existing), isNew: existing === undefined };
  }

  #instrumentFor(metric: MetricSnapshot, existing: Entry | undefined): Instrument {
    const labelNames = existing instanceof Instrument ? inOrderOf(existing.labelNames, metric.labelNames) : metric.labelNames;
    switch (metric.type) {
      case 'counter':
        if (existing instanceof OpenCounter) return existing as unknown as Instrument;
        if (metric.open && existing === undefined) {
          return new OpenCounter({ name: metric.name, help: metric.help, registers: [this] }) as unknown as Instrument;
        }
        return this.counter<string>({ ...metric, labelNames }) as unknown as Instrument;
      case 'gauge':
        return this.gauge<string>({ ...metric, labelNames }) as unknown as Instrument;
      case 'histogram':
        return this.histogram<string>({ ...metric, labelNames, buckets: metric.bounds }) as unknown as Instrument;
    }
  }
}

function kindOf(metric: unknown): string {
  return metric instanceof Instrument ? shapeOf(metric) : "a metric of prom-client's";
}

/** The same names in the order of others, where they are the same: a merge goes by name. */
function inOrderOf(order: readonly string[], names: readonly string[]): readonly string[] {
  return names.length === order.length && order.every((name) => names.includes(name)) ? order : names;
}

type ShapeOptions = Parameters<typeof shapeOfOptions>[1];
