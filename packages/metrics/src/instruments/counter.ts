/** Counters: values that only increase. */
import { wallClockSeconds } from '../clock.js';
import { type Exemplar, exemplarOf, exemplarSample, type RecordOptions } from '../exemplar.js';
import { labelsOf } from '../label-sets.js';
import type { Labels, WithLabels } from '../label-types.js';
import type { SeriesHolder } from '../series-holder.js';
import { ownMethod } from './detached-methods.js';
import { Instrument, type MetricOptions, type Series } from './instrument.js';
import { LabelledInstrument } from './labelled-instrument.js';
import type { Sample } from './metric-object.js';

export interface CounterOptions<L extends string> extends MetricOptions<L> {
  /** Called at each scrape, before the value is read, and may increment it. If it fails, the error is logged and the metric is missing from that scrape. */
  readonly collect?: (this: Counter<L>) => unknown;
}

const EXPECTED = 'a finite number of 0 or more';

/** One label set of a counter. Keep it if the labels are known in advance. */
export class CounterSeries implements Series {
  value = 0;
  createdSeconds = wallClockSeconds();
  /** The newest exemplar. */
  exemplar: Exemplar | undefined = undefined;
  exposedLabels: string | undefined = undefined;
  holder: SeriesHolder | undefined = undefined;

  constructor(
    public labelValues: readonly string[],
    private readonly counter: Instrument,
  ) {}

  /**
   * Adds to the count, by default 1. Costs one addition; never throws. The method can be detached from its series.
   *
   * An amount must be finite and not negative; any other value is rejected, counted and logged once.
   */
  get inc(): (amount?: number | null, options?: RecordOptions) => void {
    return ownMethod(this, 'inc', (amount?: number | null, options?: RecordOptions) => this.add(amount, options));
  }

  /** @internal The implementation of `inc`, which needs no closure for each series. */
  add(given: number | null | undefined, options?: RecordOptions): void {
    const amount = given ?? 1;
    if (Number.isFinite(amount) && amount >= 0) {
      this.value += amount;
      if (options !== undefined) this.keepExemplar(amount, options);
    } else this.counter.refuseValue(amount, EXPECTED);
  }

  reset(): void {
    this.counter.resetting(this);
    this.value = 0;
    this.createdSeconds = wallClockSeconds();
    this.exemplar = undefined;
  }

  // Not `#`, because a private method adds a field to every series.
  private keepExemplar(amount: number, options: RecordOptions): void {
    const exemplar = exemplarOf(options, amount, (why) => this.counter.refuseExemplar(why));
    if (exemplar !== undefined) this.exemplar = exemplar;
  }
}

/**
 * A cumulative count: requests served, rows written, errors.
 *
 * @see https://prometheus.io/docs/concepts/metric_types/#counter
 */
export class Counter<L extends string = never> extends LabelledInstrument<L, CounterSeries> {
  readonly type = 'counter' as const;

  /** @throws TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_UNIT, TSK_ERR_METRIC_NAME_TAKEN, TSK_ERR_METRIC_NAME_OVERLAP */
  constructor(options: CounterOptions<L>) {
    super(options);
    this.open(options.registers);
  }

  /**
   * Adds to the count of a label set: `inc()`, `inc(5)`, `inc({ table: 'orders' })`, `inc({ table: 'orders' }, 5)`. An exemplar can follow the
   * amount: `inc(1, { exemplar: { trace_id } })`. Never throws.
   * Costs one map look-up for each label. To avoid them, keep the series that `labels(...)` returns and call its `inc()`.
   */
  inc(...args: WithLabels<L, [amount?: number, options?: RecordOptions]>): void;
  inc(labels?: Labels<string> | number | null, amount?: number | RecordOptions | null, options?: RecordOptions): void {
    if (typeof labels === 'number') this.unlabelled.add(labels, amount as RecordOptions | undefined);
    else if (labels === undefined || labels === null) this.#incUnlabelled(amount, options);
    else if (typeof labels !== 'object') this.refuseValue(labels, EXPECTED);
    // Before the look-up, so that a rejected value does not create a series.
    else if (amount === undefined || amount === null || (Number.isFinite(amount) && (amount as number) >= 0))
      this.seriesOf(labels)?.add(amount as number | undefined, options);
    else this.refuseValue(amount, EXPECTED);
  }

  /** Handles calls without labels: the arguments are an amount and an exemplar, or only one of them. */
  #incUnlabelled(amount: number | RecordOptions | null | undefined, options: RecordOptions | undefined): void {
    if (typeof amount === 'object' && amount !== null) this.unlabelled.add(undefined, amount);
    else this.unlabelled.add(amount, options);
  }

  protected createSeries(labelValues: readonly string[]): CounterSeries {
    return new CounterSeries(labelValues, this as Instrument);
  }

  protected samplesOf(series: CounterSeries): Sample[] {
    const { value, exemplar } = series;
    return [{ labels: labelsOf(this.labelNames, series), value, ...(exemplar && { exemplar: exemplarSample(exemplar) }) }];
  }
}
