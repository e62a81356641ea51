/** The registry of an application's metrics. */
import { type Clock, processClock, timerClock } from './clock.js';
import { invalidContentType, invalidFormat, type MetricError, nameTaken, noText } from './errors.js';
import type { ScrapeReader } from './exposition/chunk-use.js';
import { CollectLimit } from './exposition/collect-limit.js';
import { checkedDefaultLabels, checkStateLabels, type DefaultLabels } from './exposition/default-labels.js';
import type { Format } from './exposition/format.js';
import type { InstrumentFactory } from './exposition/kinds/kind.js';
import { mergeSnapshot } from './exposition/merge.js';
import { OPENMETRICS_CONTENT_TYPE, OPENMETRICS_FORMAT } from './exposition/openmetrics.js';
import { PROTOBUF_FORMAT } from './exposition/protobuf.js';
import { type LeaveOut, readJson } from './exposition/read-metric.js';
import { scrape } from './exposition/scrape.js';
import { SharedScrapes } from './exposition/shared-scrapes.js';
import { type RegistrySnapshot, snapshotOf } from './exposition/snapshot.js';
import { checkSnapshot } from './exposition/snapshot-check.js';
import { PROMETHEUS_CONTENT_TYPE, TEXT_FORMAT } from './exposition/text.js';
import { textOf } from './exposition/text-of.js';
import { checkedSettings, checkNotTooLate } from './histogram-settings.js';
import { type Entry, InstrumentRegistry } from './instrument-registry.js';
import { Counter } from './instruments/counter.js';
import type { HistogramSettings } from './instruments/histogram.js';
import { Instrument } from './instruments/instrument.js';
import type { RecordedMetric } from './instruments/open-counter.js';
import type { LabelValue } from './label-types.js';
import { mergedRegistry } from './merged-registry.js';
import type { MetricFamily } from './metric-family.js';
import { checkMetricName } from './names.js';
import { defaultLabelsOf, isProcessMetric, type PromClientJson, type Registry } from './prom-client.js';
import { type FamilySource, instrumentSource } from './read/family-source.js';
import { familySources, readFamilies } from './read/read-families.js';
import type { ReadableRegistry, RegistryWatcher } from './read/readable-registry.js';
import { RecordedCounters } from './recorded-counters.js';
import { checkedBudget, type RegistryOptions } from './registry-options.js';
import { checkSampleNames } from './sample-names.js';
import { SelfMetrics } from './self-metrics.js';

/** Prometheus's text format 0.0.4, OpenMetrics 1.0.0, or Prometheus's protobuf format, which alone has native histograms. */
export type ExpositionFormat = 'prometheus' | 'openmetrics' | 'protobuf';

export interface ExposeOptions<F extends ExpositionFormat = ExpositionFormat> {
  /** The format. `@default 'prometheus'` */
  readonly format?: F | undefined;
  /**
   * Expose only these metrics, by their own names or those of their samples (`x_bucket`, `x_total`).
   * @default all metrics
   */
  readonly names?: readonly string[] | undefined;
}

const FORMATS: Readonly<Record<ExpositionFormat, Format>> = {
  prometheus: TEXT_FORMAT,
  openmetrics: OPENMETRICS_FORMAT,
  protobuf: PROTOBUF_FORMAT,
};

/** The formats that are text. */
export type TextExpositionFormat = Exclude<ExpositionFormat, 'protobuf'>;

/**
 * The metrics of one application. Nothing is global: two registries share no metrics.
 *
 * It is a prom-client `Registry`, so prom-client's metrics can be registered in it, and its exporters can read it.
 */
export class MetricsRegistry extends InstrumentRegistry implements InstrumentFactory, ReadableRegistry {
  readonly clock: Clock;
  /** @internal */
  readonly timerClock: Clock;
  readonly maxSeriesPerMetric: number;
  readonly #recorded: RecordedCounters;
  readonly #own: SelfMetrics;
  readonly #histograms = new Map<string, HistogramSettings>();
  readonly #scrapes = new SharedScrapes();
  readonly #collectLimit: CollectLimit;
  readonly #watchers = new Set<RegistryWatcher>();
  #defaultLabels: DefaultLabels;
  #format: TextExpositionFormat = 'prometheus';

  /** @throws TSK_ERR_METRIC_BUDGET, TSK_ERR_METRIC_COLLECT_LIMIT, TSK_ERR_METRIC_LABEL_NAME */
  constructor(options: RegistryOptions = {}) {
    super();
    this.clock = options.clock ?? processClock;
    this.timerClock = options.clock ?? timerClock;
    this.maxSeriesPerMetric = checkedBudget('maxSeriesPerMetric', options.maxSeriesPerMetric, 2000);
    this.#recorded = new RecordedCounters(this, checkedBudget('maxRecordedNames', options.maxRecordedNames, 1000));
    this.#collectLimit = new CollectLimit(options.collectTimeoutMs);
    this.#defaultLabels = checkedDefaultLabels(options.defaultLabels ?? {});
    this.#own = new SelfMetrics(this, options.onError);
    this.configureHistograms(options.histograms ?? {});
  }

  /**
   * Merges registries into a new prom-client registry with their current metrics. The registries may be ours, prom-client's, or merged ones. Unlike in
   * prom-client's `Registry.merge`, each series keeps the default labels of its registry. The registries' metrics about themselves are summed.
   * @throws TSK_ERR_METRIC_NAME_TAKEN if two registries have different metrics of the same name, TSK_ERR_METRIC_CONTENT_TYPE if their content types differ
   */
  static override merge(registries: readonly Registry[]): Registry {
    return mergedRegistry(registries, (registry) =>
      registry instanceof MetricsRegistry ? registry.#defaultLabels : defaultLabelsOf(registry),
    );
  }

  /**
   * Adds to a counter, which is created on first use and accepts any labels. Never throws: invalid values are rejected,
   * counted in `metrics_invalid_values_total` and reported once.
   * @param name letters, digits and underscores, ending in `_total`
   * @param value the amount to add, finite and not negative; 1 by default
   * @param labels the labels; use few values for each, because every combination is a series
   */
  recordMetric(name: string, value?: number, labels?: Readonly<Record<string, LabelValue>>): void;
  /** Adds to a counter, with help, unit and an exemplar. The first help and unit of a counter are kept. */
  recordMetric(name: string, recorded: RecordedMetric): void;
  recordMetric(name: string, value: number | RecordedMetric | null = 1, labels: Readonly<Record<string, LabelValue>> = {}): void {
    if (typeof value === 'object' && value !== null) {
      this.#recorded.record(name, value);
      return;
    }
    const existing: unknown = this.getSingleMetric(name);
    const counter = existing instanceof Counter ? (existing as Counter<string>) : this.#recorded.create(name);
    counter?.inc(labels ?? {}, value ?? 1);
  }

  /**
   * Chooses the buckets of histograms by their names, whatever they are created with later. Settings that are left out stay as they were.
   * @throws TSK_ERR_METRIC_BUCKETS, TSK_ERR_METRIC_OPTION, TSK_ERR_METRIC_NAME, and TSK_ERR_METRIC_SHAPE if a histogram of that name exists with other
   * buckets
   */
  configureHistograms(histograms: Readonly<Record<string, HistogramSettings>>): void {
    const checked = Object.entries(histograms).map(([name, settings]) => [name, checkedSettings(name, settings)] as const);
    for (const [name, settings] of checked) checkNotTooLate(this.getSingleMetric(name), settings);
    for (const [name, settings] of checked) this.#histograms.set(name, { ...this.#histograms.get(name), ...settings });
  }

  /** @internal */
  histogramSettings(name: string): HistogramSettings | undefined {
    return this.#histograms.get(name);
  }

  /** Our own metrics, in the order of their creation. */
  get instruments(): readonly Instrument[] {
    return [...this.metricsByName.values()].filter((metric) => metric instanceof Instrument);
  }

  /**
   * Returns the scrape as one string. It is written in slices, so that requests are served in between. Equal scrapes that begin before the first
   * of them has read a value are shared.
   * @throws TSK_ERR_METRIC_FORMAT
   */
  async expose(options: ExposeOptions<TextExpositionFormat> = {}): Promise<string> {
    if ((options.format as ExpositionFormat) === 'protobuf') throw noText();
    return textOf(this.scrapeReader(options));
  }

  /**
   * Returns the scrape in chunks, for streamed responses. It yields to the event loop between them. A reader that stops early does not affect others.
   * @throws TSK_ERR_METRIC_FORMAT
   */
  exposeStream(options: ExposeOptions = {}): AsyncGenerator<Uint8Array, void> {
    return this.#scrapes.join(...this.#asked(options));
  }

  /**
   * @internal Like `exposeStream`, for readers that say when they have sent a chunk, so that its memory is used again.
   * @throws TSK_ERR_METRIC_FORMAT
   */
  scrapeReader(options: ExposeOptions = {}): ScrapeReader {
    return this.#scrapes.read(...this.#asked(options));
  }

  /**
   * Returns the scrape in chunks, compressed with gzip at level 1. Equal scrapes that begin at the same time are compressed once.
   * @throws TSK_ERR_METRIC_FORMAT
   */
  exposeGzipStream(options: ExposeOptions = {}): AsyncGenerator<Uint8Array, void> {
    return this.#scrapes.joinGzip(...this.#asked(options));
  }

  #asked({ format = 'prometheus', names }: ExposeOptions): Parameters<SharedScrapes['join']> {
    if (!Object.hasOwn(FORMATS, format)) throw invalidFormat(format);
    const key = JSON.stringify([format, names && [...new Set(names)].sort()]);
    return [key, (reading) => scrape({ ...this.#exposed, names, format: FORMATS[format] }, reading)];
  }

  /** Returns the scrape as one string, in the format of the registry's content type. prom-client's name for `expose()`. */
  override metrics(): Promise<string> {
    return this.expose({ format: this.#format });
  }

  override getSingleMetricAsString(name: string): Promise<string> {
    return this.expose({ format: this.#format, names: [name] });
  }

  /** Returns all metrics in the form that prom-client's exporters read. Metrics that fail are left out and reported, as in a scrape. */
  override async getMetricsAsJSON(): Promise<PromClientJson> {
    const { reports, defaultLabels, collectLimit } = this.#exposed;
    const read = await Promise.all(
      [...this.metricsByName].map(([name, metric]) => readJson({ name, metric, reports, collectLimit }, defaultLabels)),
    );
    return read.flat() as unknown as PromClientJson;
  }

  /**
   * Returns the families one by one, as plain JSON in one form for every kind, prom-client's metrics included. Runs collect functions with their time
   * limit, and yields to the event loop, as a scrape does. Metrics that fail are left out and reported.
   *
   * For what has changed since the last time, use a `DeltaReader`.
   * @example
   * for await (const family of registry.read()) {
   *   if (family.type === 'counter') for (const { labels, value } of family.points) send(family.name, labels, value);
   * }
   */
  read({ names }: Pick<ExposeOptions, 'names'> = {}): AsyncGenerator<MetricFamily, void> {
    return readFamilies({ ...this.#exposed, names });
  }

  /** @internal */
  sources(leaveOut?: LeaveOut): Promise<readonly FamilySource[]> {
    return familySources({ ...this.#exposed, names: undefined, leaveOut });
  }

  /** @internal Collects one metric, and returns its families; none if that fails, which is reported, or if it is not registered. */
  async sourcesOf(metric: object): Promise<readonly FamilySource[]> {
    const { name } = metric as Entry & { readonly name: string };
    const entry = this.metricsByName.get(name);
    if (entry !== metric || entry === undefined) return [];
    return familySources({ ...this.#exposed, metrics: new Map([[name, entry]]), names: undefined });
  }

  /** @internal */
  get defaultLabels(): DefaultLabels {
    return this.#defaultLabels;
  }

  /** @internal */
  source(instrument: Instrument): FamilySource {
    return instrumentSource(instrument, this.#defaultLabels);
  }

  /** @internal */
  watch(watcher: RegistryWatcher): readonly object[] {
    this.#watchers.add(watcher);
    return [...this.metricsByName.values()];
  }

  /** @internal */
  unwatch(watcher: RegistryWatcher): void {
    this.#watchers.delete(watcher);
  }

  /** Returns the state of our own metrics as plain JSON. prom-client's metrics are not included. */
  snapshot(): RegistrySnapshot {
    return { version: 1, metrics: this.instruments.map(snapshotOf) };
  }

  /**
   * Merges a snapshot of another registry: counts and distributions are summed, gauges use their aggregator. Missing metrics are created. Gauges
   * whose aggregator is `omit` are left out. If it throws, nothing was merged.
   * @throws TSK_ERR_METRIC_SNAPSHOT, TSK_ERR_METRIC_SHAPE, and the errors of creating a metric
   */
  merge(snapshot: RegistrySnapshot): void {
    checkSnapshot(snapshot);
    mergeSnapshot(this, snapshot);
  }

  /**
   * Adds a metric that was created elsewhere, such as one of prom-client.
   * @throws TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_NAME_TAKEN, TSK_ERR_METRIC_NAME_OVERLAP
   */
  override registerMetric(metric: Entry): void {
    const name = (metric as { readonly name?: unknown } | undefined | null)?.name;
    checkMetricName(name);
    const existing = this.metricsByName.get(name);
    if (existing === metric) return;
    if (existing !== undefined) throw nameTaken(name);
    checkSampleNames(name, metric, this.metricsByName);
    checkStateLabels(this.#defaultLabels, [[name, metric]]);
    if (metric instanceof Instrument) metric.adoptedBy(this);
    this.metricsByName.set(name, metric);
    for (const watcher of this.#watchers) watcher.added(metric);
    this.#scrapes.close();
  }

  override removeSingleMetric(name: string): void {
    const metric: unknown = this.getSingleMetric(name);
    this.#dropping(metric);
    super.removeSingleMetric(name);
    this.#recorded.forget(name);
    this.#scrapes.close();
    if (metric instanceof Instrument) metric.abandon();
  }

  /** Returns all metrics for prom-client's `Registry.merge`. The registry's metrics about itself are summed in a merged registry. */
  override getMetricsAsArray(): ReturnType<InstrumentRegistry['getMetricsAsArray']> {
    return super.getMetricsAsArray().map((metric) => this.#own.handedOut(metric)) as never;
  }

  /**
   * @internal Calls an instrument's collect function, for readers other than ours.
   * @throws TSK_ERR_METRIC_COLLECT_TIMEOUT, and errors of the function
   */
  async collect(instrument: Instrument): Promise<void> {
    await this.#collectLimit.within({ name: instrument.name, metric: instrument }, () => instrument.collect?.());
  }

  /** @internal */
  add(instrument: Instrument): void {
    this.registerMetric(instrument);
  }

  /** Removes all metrics, except the registry's metrics about itself, and the default labels. */
  override clear(): void {
    const { instruments } = this;
    for (const metric of this.metricsByName.values()) this.#dropping(metric);
    super.clear();
    this.#recorded.clear();
    this.#scrapes.close();
    this.#defaultLabels = {};
    this.#own.restart();
    for (const instrument of instruments) instrument.abandon();
  }

  /**
   * Replaces the default labels. They are copied.
   * @throws TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_DEFAULT_LABEL
   */
  override setDefaultLabels(labels: object): void {
    const checked = checkedDefaultLabels(labels);
    checkStateLabels(checked, this.metricsByName);
    this.#defaultLabels = checked;
    this.#scrapes.close();
  }

  /**
   * Sets the format of `metrics()`: `PROMETHEUS_CONTENT_TYPE`, which is the default, or `OPENMETRICS_CONTENT_TYPE`.
   * @throws TSK_ERR_METRIC_CONTENT_TYPE
   */
  override setContentType(contentType: typeof PROMETHEUS_CONTENT_TYPE | typeof OPENMETRICS_CONTENT_TYPE): void {
    if (contentType !== PROMETHEUS_CONTENT_TYPE && contentType !== OPENMETRICS_CONTENT_TYPE) throw invalidContentType(contentType);
    this.#format = contentType === OPENMETRICS_CONTENT_TYPE ? 'openmetrics' : 'prometheus';
    super.setContentType(contentType as typeof PROMETHEUS_CONTENT_TYPE);
  }

  /**
   * Resets every series. Series that code has kept stay in the registry and are still exposed. `processMetrics()` are not reset, because they
   * belong to the process.
   */
  override resetMetrics(): void {
    for (const metric of this.metricsByName.values()) {
      if (metric instanceof Instrument) metric.resetSeries();
      else if (!isProcessMetric(metric)) metric.reset();
    }
  }

  /** @internal */
  refused(metric: string, reason: MetricError['code'], error: () => MetricError): void {
    this.#own.refused(metric, reason, error);
  }

  /** @internal */
  report(error: MetricError): void {
    this.#own.reports.always(error);
  }

  /** @internal */
  overflowed(metric: string, error: () => MetricError): void {
    this.#own.overflowed(metric, error);
  }

  #dropping(metric: unknown): void {
    if (metric !== undefined) for (const watcher of this.#watchers) watcher.dropping(metric as Entry);
  }

  get #exposed() {
    const [metrics, defaultLabels] = [this.metricsByName as ReadonlyMap<string, Entry>, this.#defaultLabels];
    return { metrics, defaultLabels, reports: this.#own.reports, collectLimit: this.#collectLimit };
  }
}
