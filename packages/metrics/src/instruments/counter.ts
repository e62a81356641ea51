/** A count that only ever goes up. */
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
  /** Called at each scrape; may increment. Its failure costs this metric that scrape, and is logged. */
  readonly collect?: (this: Counter<L>) => unknown;
}

const EXPECTED = 'a finite number of 0 or more';

/** One label set of a counter: hold it where the labels are known beforehand. */
export class CounterSeries implements Series {
  value = 0;
  createdSeconds = wallClockSeconds();
  /** The newest. */
  exemplar: Exemplar | undefined = undefined;
  exposedLabels: string | undefined = undefined;
  holder: SeriesHolder | undefined = undefined;

  constructor(
    public labelValues: readonly string[],
    private readonly counter: Instrument,
  ) {}

  /**
   * Adds to the count, by 1 where no amount is given. One addition; never throws. May be taken off the series.
   *
   * An amount is finite and not negative; anything else is refused, counted and logged once.
   */
  get inc(): (amount?: number | null, options?: RecordOptions) => void {
    return ownMethod(this, 'inc', (amount?: number | null, options?: RecordOptions) => this.add(amount, options));
  }

  /** @internal `inc`, without a closure for each series. */
  add(given: number | null | undefined, options?: RecordOptions): void {
    const amount = given ?? 1;
    if (Number.isFinite(amount) && amount >= 0) {
      this.value += amount;
      if (options !== undefined) this.keepExemplar(amount, options);
    } else this.counter.refuseValue(amount, EXPECTED);
  }

  reset(): void {
    this.value = 0;
    this.createdSeconds = wallClockSeconds();
    this.exemplar = undefined;
  }

  // Not `#`: a private method would be a field of every series.
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
   * Adds to the count of a label set: `inc()`, `inc(5)`, `inc({ table: 'orders' })`, `inc({ table: 'orders' }, 5)`, and with
   * `{ exemplar: { trace_id } }` behind the amount. Never throws.
   * Costs one map look-up for each label; `labels(...)` once and its `inc()` cost none.
   */
  inc(...args: WithLabels<L, [amount?: number, options?: RecordOptions]>): void;
  inc(labels?: Labels<string> | number | null, amount?: number | RecordOptions | null, options?: RecordOptions): void {
    if (typeof labels === 'number') this.unlabelled.add(labels, amount as RecordOptions | undefined);
    else if (labels === undefined || labels === null) this.#incUnlabelled(amount, options);
    else if (typeof labels !== 'object') this.refuseValue(labels, EXPECTED);
    // Before the series is looked up: what is refused makes none.
    else if (amount === undefined || amount === null || (Number.isFinite(amount) && (amount as number) >= 0))
      this.seriesOf(labels)?.add(amount as number | undefined, options);
    else this.refuseValue(amount, EXPECTED);
  }

  /** Nothing stands where labels or an amount could: what follows is an amount, or an exemplar. */
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
