/** The base of all instruments: name, label sets with their series, and registry. */
import type { Clock } from '../clock.js';
import { invalidExemplar, invalidValue, MetricError, seriesBudgetReached, unknownLabel, unreadableLabels } from '../errors.js';
import { type LabelledSeries, LabelSets } from '../label-sets.js';
import { labelText } from '../label-text.js';
import type { LabelValue } from '../label-types.js';
import { checkLabelNames, checkMetricName } from '../names.js';
import { forget } from '../series-holder.js';
import { checkUnit } from '../units.js';
import { checkPromClientOptions, hostAmong, type InstrumentHost, loneHost, type PlainRegistry, registerIn } from './hosts.js';
import { readingLabels, valuesOf } from './label-arguments.js';
import type { Aggregator, InstrumentType, MetricObject, PromClientAggregator, PromClientType, Sample } from './metric-object.js';

export interface MetricOptions<L extends string> {
  /** The name: letters, digits and underscores, with the unit at the end, such as `http_request_duration_seconds`. */
  readonly name: string;
  /** A description of the metric in one sentence. */
  readonly help: string;
  readonly labelNames?: readonly L[];
  /**
   * The unit. The name, without `_total`, must end in it.
   * @default the end of the name, if it is a base unit such as `seconds`, `bytes` or `ratio`
   */
  readonly unit?: string;
  /** The registries that expose the metric, ours or prom-client's. `registry.counter(...)` and similar set it. Leave it empty to call `registerMetric` later. */
  readonly registers: readonly (InstrumentHost | PlainRegistry)[];
}

/** One label set of a metric. */
export interface Series extends LabelledSeries {
  reset(): void;
}

/** Code that keeps account of what the series of an instrument have recorded. */
export interface SeriesWatcher {
  /** Called before a series of the instrument is reset. */
  resetting(instrument: Instrument, series: Series): void;
  /** Called before a series of the instrument is removed. */
  removing(instrument: Instrument, series: Series): void;
}

/** The allowed value of a call without labels. */
export interface ValueRule {
  /** A description for errors: `a finite number`. */
  readonly allowed: string;
  /** The value if a call has none. */
  readonly missing?: number;
}

/** What comes nearest for prom-client, which fails on aggregators that it does not know. */
const FOR_PROM_CLIENT: Readonly<Partial<Record<Aggregator, PromClientAggregator>>> = { last: 'first', worker: 'sum' };

/** The base class of all instruments. */
export abstract class Instrument<L extends string = string, S extends Series = Series> {
  abstract readonly type: InstrumentType;
  readonly help: string;
  /** The unit that was set explicitly; undefined if it comes from the name. */
  readonly unit: string | undefined;
  readonly aggregator: Aggregator = 'sum';
  /** Called at each scrape, before the values are read; may set them. */
  readonly collect: (() => unknown) | undefined;
  #host: InstrumentHost;
  readonly #name: string;
  #nameOfNextRead: string | undefined;
  readonly #sets: LabelSets<S>;
  #labelNames: readonly string[];
  /** Undefined until somebody watches. */
  #watchers: Set<SeriesWatcher> | undefined;

  /** @throws TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_UNIT */
  protected constructor(options: MetricOptions<L> & { readonly collect?: ((this: never) => unknown) | undefined }) {
    checkMetricName(options.name);
    checkLabelNames(options.name, options.labelNames ?? []);
    checkUnit(options.name, options.unit);
    this.#name = options.name;
    this.help = String(options.help ?? '').toWellFormed();
    this.unit = options.unit;
    checkPromClientOptions(options);
    this.collect = options.collect as (() => unknown) | undefined;
    this.#host = hostAmong(options.name, options.registers);
    this.#labelNames = [...(options.labelNames ?? [])];
    this.#sets = new LabelSets(this.#labelNames, {
      budget: () => this.host.maxSeriesPerMetric,
      create: (labelValues) => this.createSeries(labelValues),
      removing: (series) => this.#tell('removing', series as Series),
      overflowed: () => this.host.overflowed(this.name, () => seriesBudgetReached(this.name, this.host.maxSeriesPerMetric)),
    });
  }

  /** The registry that the instrument reports to. */
  protected get host(): InstrumentHost {
    return this.#host;
  }

  /** @internal Sets the registry to report to, if there is none yet. */
  adoptedBy(host: InstrumentHost): void {
    if (this.#host === loneHost) this.#host = host;
  }

  get name(): string {
    return this.#name;
  }

  /**
   * @internal prom-client's OpenMetrics registry removes `_total` from the name of a counter before it reads the counter, permanently.
   * Here, the changed name only applies to that read.
   */
  set name(name: never) {
    this.#nameOfNextRead = name;
  }

  get labelNames(): readonly string[] {
    return this.#labelNames;
  }

  /** All series, in the order of their creation. */
  get series(): readonly S[] {
    return this.#sets.all;
  }

  /** Returns the metric's state as plain objects, for prom-client's exporters. */
  async get(): Promise<MetricObject> {
    const name = this.#nameOfNextRead ?? this.#name;
    this.#nameOfNextRead = undefined;
    await this.collect?.();
    const { help, exportedType: type } = this;
    return {
      name,
      help,
      type,
      aggregator: FOR_PROM_CLIENT[this.aggregator] ?? (this.aggregator as PromClientAggregator),
      values: this.series.flatMap((series) => this.samplesOf(series)),
    };
  }

  /** Removes all label sets, like prom-client; a metric without labels is reset. Kept series are no longer exposed. */
  reset(): void {
    if (this.#labelNames.length > 0) this.#sets.clear();
    this.resetSeries();
  }

  /** Resets every series and keeps it, so that kept series are still exposed. */
  resetSeries(): void {
    for (const series of this.#sets.all) {
      series.reset();
      forget(series);
    }
  }

  /** @internal */
  watch(watcher: SeriesWatcher): void {
    this.#watchers ??= new Set();
    this.#watchers.add(watcher);
  }

  /** @internal */
  unwatch(watcher: SeriesWatcher): void {
    this.#watchers?.delete(watcher);
  }

  /** @internal Whether it has a series, which was not removed. */
  has(series: Series): boolean {
    return this.#sets.has(series);
  }

  /** @internal Called by a series before it is reset. */
  resetting(series: Series): void {
    // A series that was removed counts for nothing.
    if (this.#watchers !== undefined && this.has(series)) this.#tell('resetting', series);
  }

  #tell(what: keyof SeriesWatcher, series: Series): void {
    if (this.#watchers === undefined) return;
    for (const watcher of this.#watchers) watcher[what](this as unknown as Instrument, series);
  }

  /** @internal Notifies the holders of series that the registry no longer has the metric. */
  abandon(): void {
    for (const series of this.#sets.all) forget(series);
  }

  /** @internal Whether all of these label sets have or can have their own series. */
  hasRoomFor(labelSets: readonly Readonly<Record<string, LabelValue>>[]): boolean {
    return this.#sets.hasRoomFor(labelSets);
  }

  /** @internal Returns the overflow series for a label set beyond the limit, and reports it. */
  overflowSeries(): S {
    return this.#sets.resolveOverflow();
  }

  /** @internal Adds label names; existing series have them empty. */
  addLabelNames(further: readonly string[]): void {
    this.#labelNames = [...this.#labelNames, ...further];
    for (const name of further) this.#sets.addName(name);
  }

  /** @internal Returns the series of label values in the order of the label names. */
  seriesOfValues(values: readonly LabelValue[]): S {
    return this.#sets.resolveValues(values);
  }

  /** Whether the label names grow with use. Such a metric has no series without labels until one is recorded. */
  get isOpen(): boolean {
    return false;
  }

  /** @internal The part of the shape besides kind and labels, for errors. */
  get shapeDetails(): string {
    return '';
  }

  /** Whether the only series of a metric without labels is exposed before its first value. */
  protected get isExposedFromTheStart(): boolean {
    return this.#labelNames.length === 0 && !this.isOpen;
  }

  /** The type for prom-client's exporters. */
  protected get exportedType(): PromClientType {
    return this.type as PromClientType;
  }

  protected abstract createSeries(labelValues: readonly string[]): S;
  protected abstract samplesOf(series: S): Sample[];

  /** Registers the instrument. Each kind's constructor calls it at its end, when all fields are set. */
  protected open(registers: MetricOptions<L>['registers']): void {
    if (this.isExposedFromTheStart) this.#sets.resolveValues([]);
    registerIn(registers, this as unknown as Instrument);
  }

  /** The clock of the registry, also if the registry is set later. */
  protected get hostClock(): Clock {
    return this.#host === loneHost ? () => this.#host.clock() : this.#host.clock;
  }

  /** @internal Returns the value of a call without labels, which may be given as `undefined` or `null`. Other arguments are rejected. */
  protected onlyValue(first: unknown, second: unknown, { allowed, missing }: ValueRule): unknown {
    if (first === undefined || first === null) return second === undefined && first === undefined ? missing : second;
    if (second !== undefined) this.refuseValue(second, `${allowed} alone, or labels before it,`);
    return first;
  }

  /** Returns the series of a label object. If a label is unknown or can't be read, reports it and returns undefined. Never throws. */
  protected seriesOf(labels: Readonly<Record<string, LabelValue | undefined>>): S | undefined {
    try {
      return this.#sets.resolve(labels) ?? this.seriesOfUnknown(labels);
    } catch (cause) {
      // In a separate method, because a closure here would cost an allocation with every call.
      return this.#refuseUnreadable(cause);
    }
  }

  /** Handles a label set with an unknown label: rejects it. */
  protected seriesOfUnknown(labels: Readonly<Record<string, LabelValue | undefined>>): S | undefined {
    const unknown = this.#sets.unknownLabel(labels) ?? '';
    this.refuse('TSK_ERR_METRIC_LABEL_UNKNOWN', () => unknownLabel(this.name, unknown, this.#labelNames));
    return undefined;
  }

  /** Returns the series of a label object; undefined if a label is unknown. */
  protected findSeries(labels: Readonly<Record<string, LabelValue | undefined>>): S | undefined {
    return this.#sets.resolve(labels);
  }

  /** The only series of a metric without labels, or the series whose labels are all empty. */
  protected get unlabelled(): S {
    const only = this.#labelNames.length === 0 ? this.#sets.all[0] : undefined;
    return only ?? this.#sets.resolveValues(this.#labelNames.map(() => ''));
  }

  /** Returns the values of a label object in the order of the label names. If they can't be read, reports it and returns undefined. Never throws. */
  protected valuesOrRefused(labels: object): LabelValue[] | undefined {
    try {
      return readingLabels(this, () => valuesOf(this, [labels ?? {}]).map(labelText));
    } catch (error) {
      if (error instanceof MetricError) this.refuse(error.code, () => error);
      return undefined;
    }
  }

  protected forgetAll(): void {
    this.#sets.clear();
  }

  /** Forgets the label set with these values, in the order of the label names. */
  protected removeSeries(values: readonly LabelValue[]): void {
    this.#sets.remove(values);
  }

  /** @internal Reports a rejected value. */
  refuseValue(value: unknown, allowed: string): void {
    this.refuse('TSK_ERR_METRIC_VALUE', () => invalidValue(this.name, value, allowed));
  }

  /** @internal Reports a rejected exemplar. Its value has been recorded. */
  refuseExemplar(why: string): void {
    this.refuse('TSK_ERR_METRIC_EXEMPLAR', () => invalidExemplar(this.name, why));
  }

  #refuseUnreadable(cause: unknown): undefined {
    this.refuse('TSK_ERR_METRIC_LABEL_UNREADABLE', () => unreadableLabels(this.#name, cause));
  }

  /** Has the registry count and report what can't be recorded. */
  protected refuse(reason: MetricError['code'], error: () => MetricError): void {
    this.host.refused(this.name, reason, error);
  }
}
