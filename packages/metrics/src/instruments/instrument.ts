/** What every kind of metric has in common: a name, label sets that lead to series, and the registry it reports to. */
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
import type { Aggregator, InstrumentType, MetricObject, PromClientType, Sample } from './metric-object.js';

export interface MetricOptions<L extends string> {
  /** Letters, digits and underscores, with the unit in the name: `http_request_duration_seconds`. */
  readonly name: string;
  /** One sentence for people; shown beside the metric. */
  readonly help: string;
  readonly labelNames?: readonly L[];
  /** The unit, in which the name ends, `_total` aside; told from the name where that ends in a base unit: `seconds`, `bytes`, `ratio`. */
  readonly unit?: string;
  /** The registries that expose it, ours or prom-client's; `registry.counter(...)` and its like fill this in. Empty: `registerMetric` comes later. */
  readonly registers: readonly (InstrumentHost | PlainRegistry)[];
}

/** One label set of a metric. */
export interface Series extends LabelledSeries {
  reset(): void;
}

/** What a call without labels may be given. */
export interface ValueRule {
  /** For errors: `a finite number`. */
  readonly allowed: string;
  /** The value of a call that is given none. */
  readonly missing?: number;
}

/** The base of all kinds. */
export abstract class Instrument<L extends string = string, S extends Series = Series> {
  abstract readonly type: InstrumentType;
  readonly help: string;
  /** The unit it was given; undefined if it is told from the name. */
  readonly unit: string | undefined;
  readonly aggregator: Aggregator = 'sum';
  /** Read at each scrape, before the values; may set them. */
  readonly collect: (() => unknown) | undefined;
  #host: InstrumentHost;
  readonly #name: string;
  #nameOfNextRead: string | undefined;
  readonly #sets: LabelSets<S>;
  #labelNames: readonly string[];

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
      overflowed: () => this.host.overflowed(this.name, () => seriesBudgetReached(this.name, this.host.maxSeriesPerMetric)),
    });
  }

  /** What it reports to. */
  protected get host(): InstrumentHost {
    return this.#host;
  }

  /** @internal Reports to a registry from now on, where it has reported to none. */
  adoptedBy(host: InstrumentHost): void {
    if (this.#host === loneHost) this.#host = host;
  }

  get name(): string {
    return this.#name;
  }

  /**
   * @internal prom-client's OpenMetrics registry takes `_total` off the name of a counter before it reads it, and never gives it back.
   * Here the name it wants holds for that read.
   */
  set name(name: never) {
    this.#nameOfNextRead = name;
  }

  get labelNames(): readonly string[] {
    return this.#labelNames;
  }

  /** Every series there is, in the order they were made. */
  get series(): readonly S[] {
    return this.#sets.all;
  }

  /** The metric's state as plain objects, for prom-client's exporters. */
  async get(): Promise<MetricObject> {
    const name = this.#nameOfNextRead ?? this.#name;
    this.#nameOfNextRead = undefined;
    await this.collect?.();
    const { help, exportedType: type, aggregator } = this;
    return { name, help, type, aggregator, values: this.series.flatMap((series) => this.samplesOf(series)) };
  }

  /** Forgets every label set, as prom-client does; without labels, sets the value back. Series that were handed out are no longer exposed. */
  reset(): void {
    if (this.#labelNames.length > 0) this.#sets.clear();
    this.resetSeries();
  }

  /** Sets every series back to its beginning and keeps it, so that whoever holds one goes on being counted. */
  resetSeries(): void {
    for (const series of this.#sets.all) {
      series.reset();
      forget(series);
    }
  }

  /** @internal Tells whoever holds a series that the registry no longer has the metric. */
  abandon(): void {
    for (const series of this.#sets.all) forget(series);
  }

  /** @internal Whether all of these label sets, which may exist, can have series of their own. */
  hasRoomFor(labelSets: readonly Readonly<Record<string, LabelValue>>[]): boolean {
    return this.#sets.hasRoomFor(labelSets);
  }

  /** @internal The series of a label set that has no room, which is reported. */
  overflowSeries(): S {
    return this.#sets.resolveOverflow();
  }

  /** Adds label names; existing series have them empty. */
  protected addLabelNames(further: readonly string[]): void {
    this.#labelNames = [...this.#labelNames, ...further];
    for (const name of further) this.#sets.addName(name);
  }

  /** @internal The series of values in the order of the label names. */
  seriesOfValues(values: readonly LabelValue[]): S {
    return this.#sets.resolveValues(values);
  }

  /** Whether its label names grow with use. Until it is recorded without labels, such a metric has no series without any. */
  get isOpen(): boolean {
    return false;
  }

  /** @internal What its shape has beside kind and labels, for errors. */
  get shapeDetails(): string {
    return '';
  }

  /** Whether its only series is there before its first value. */
  protected get isExposedFromTheStart(): boolean {
    return this.#labelNames.length === 0 && !this.isOpen;
  }

  /** What prom-client's exporters take it for. */
  protected get exportedType(): PromClientType {
    return this.type as PromClientType;
  }

  protected abstract createSeries(labelValues: readonly string[]): S;
  protected abstract samplesOf(series: S): Sample[];

  /** Called last by each kind's constructor, when its fields are there. */
  protected open(registers: MetricOptions<L>['registers']): void {
    if (this.isExposedFromTheStart) this.#sets.resolveValues([]);
    registerIn(registers, this as unknown as Instrument);
  }

  /** The clock of the registry, of one that comes later too. */
  protected get hostClock(): Clock {
    return this.#host === loneHost ? () => this.#host.clock() : this.#host.clock;
  }

  /** @internal The value of a call without labels, which `undefined` and `null` stand for too; what is given beside it is refused. */
  protected onlyValue(first: unknown, second: unknown, { allowed, missing }: ValueRule): unknown {
    if (first === undefined || first === null) return second === undefined && first === undefined ? missing : second;
    if (second !== undefined) this.refuseValue(second, `${allowed} alone, or labels before it,`);
    return first;
  }

  /** The series of a label object; undefined, and said, where a label is not the metric's or can't be read. Never throws. */
  protected seriesOf(labels: Readonly<Record<string, LabelValue | undefined>>): S | undefined {
    try {
      return this.#sets.resolve(labels) ?? this.seriesOfUnknown(labels);
    } catch (cause) {
      // In a method of its own: a closure here would cost every call an allocation.
      return this.#refuseUnreadable(cause);
    }
  }

  /** What becomes of a label set with a label that is not the metric's: it is refused. */
  protected seriesOfUnknown(labels: Readonly<Record<string, LabelValue | undefined>>): S | undefined {
    const unknown = this.#sets.unknownLabel(labels) ?? '';
    this.refuse('TSK_ERR_METRIC_LABEL_UNKNOWN', () => unknownLabel(this.name, unknown, this.#labelNames));
    return undefined;
  }

  /** The series of a label object; undefined if a label is not the metric's. */
  protected findSeries(labels: Readonly<Record<string, LabelValue | undefined>>): S | undefined {
    return this.#sets.resolve(labels);
  }

  /** The only series of a metric without labels; with labels, the one whose labels are all empty. */
  protected get unlabelled(): S {
    const only = this.#labelNames.length === 0 ? this.#sets.all[0] : undefined;
    return only ?? this.#sets.resolveValues(this.#labelNames.map(() => ''));
  }

  /** The values of a label object in the order of the label names; undefined, and said, where that can't be had. Never throws. */
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

  /** @internal Reports a value that can't be recorded. */
  refuseValue(value: unknown, allowed: string): void {
    this.refuse('TSK_ERR_METRIC_VALUE', () => invalidValue(this.name, value, allowed));
  }

  /** @internal Reports an exemplar that can't be kept; its value has been recorded. */
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
