/** Gauges: values that can increase and decrease. */
import { invalidOption } from '../errors.js';
import { labelsOf } from '../label-sets.js';
import type { Labels, SomeLabels, WithLabels } from '../label-types.js';
import { describeValue, quote } from '../wording.js';
import { ownMethod } from './detached-methods.js';
import type { MetricOptions, ValueRule } from './instrument.js';
import { labelsAndWork, measured } from './measured-work.js';
import type { Aggregator, Sample } from './metric-object.js';
import { TimedInstrument, TimedSeries } from './timed.js';

export interface GaugeOptions<L extends string> extends MetricOptions<L> {
  /**
   * How the values of several processes are merged, as those of the workers of an application are: `sum`, `max`, `min`, `avg` (or prom-client's
   * `average`), `last` for the value that was set last, `worker` for one series for each process with the label `worker`, `first` for the value of the
   * process that started first, or `omit` to leave the gauge out.
   * @default 'sum'
   */
  readonly aggregator?: Aggregator | 'avg';
  /** Called at each scrape, before the value is read, and may set it. If it fails, the error is logged and the metric is missing from that scrape. */
  readonly collect?: (this: Gauge<L>) => unknown;
}

const EXPECTED_VALUE = 'a number';
const EXPECTED_AMOUNT = 'a finite number';
const SETTING: ValueRule = { allowed: EXPECTED_VALUE };
const ADDING: ValueRule = { allowed: EXPECTED_AMOUNT, missing: 1 };

/** One label set of a gauge. */
export class GaugeSeries extends TimedSeries {
  value = 0;

  /** Sets the value to any number, including infinities. NaN is rejected, counted and logged once. */
  get set(): (value: number) => void {
    return ownMethod(this, 'set', (value: number) => this.record(value));
  }

  /** Adds to the value, by default 1. Amounts that are not finite numbers are rejected. */
  get inc(): (amount?: number) => void {
    return ownMethod(this, 'inc', (amount = 1) => this.add(amount));
  }

  /** Subtracts from the value, by default 1. Amounts that are not finite numbers are rejected. */
  get dec(): (amount?: number) => void {
    return ownMethod(this, 'dec', (amount = 1) => this.take(amount));
  }

  /** Sets the value to the wall clock's time, in seconds since 1970. */
  get setToCurrentTime(): () => void {
    return ownMethod(this, 'setToCurrentTime', () => this.record(Date.now() / 1000));
  }

  /** Runs a function and adds 1 to the value while it runs; if it returns a native promise, until that settles. */
  get track(): <R>(work: () => R) => R {
    return ownMethod(this, 'track', <R>(work: () => R) => this.tracked(work));
  }

  /** @internal */
  record(value: number): void {
    if (isNumber(value)) this.value = value;
    else this.instrument.refuseValue(value, EXPECTED_VALUE);
  }

  /** @internal */
  add(amount: number): void {
    if (Number.isFinite(amount)) this.value += amount;
    else this.instrument.refuseValue(amount, EXPECTED_AMOUNT);
  }

  /** @internal */
  take(amount: number): void {
    if (Number.isFinite(amount)) this.value -= amount;
    else this.instrument.refuseValue(amount, EXPECTED_AMOUNT);
  }

  /** @internal */
  tracked<R>(work: () => R): R {
    this.add(1);
    return measured(work, () => this.take(1));
  }

  reset(): void {
    this.value = 0;
  }
}

/**
 * A value at one moment: items in a queue, bytes in use, degrees.
 *
 * @see https://prometheus.io/docs/concepts/metric_types/#gauge
 */
export class Gauge<L extends string = never> extends TimedInstrument<L, GaugeSeries> {
  readonly type = 'gauge' as const;
  override readonly aggregator: Aggregator;

  /** @throws TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_NAME_TAKEN, TSK_ERR_METRIC_OPTION */
  constructor(options: GaugeOptions<L>) {
    super(options);
    this.aggregator = checkedAggregator(options.name, options.aggregator);
    this.open(options.registers);
  }

  /** Sets the value of a label set: `set(5)`, `set({ queue: 'mail' }, 5)`. Never throws. */
  set(...args: WithLabels<L, [value: number]>): void;
  set(labels: Labels<string> | number, value?: number): void {
    if (!isLabels(labels)) this.unlabelled.record(this.onlyValue(labels, value, SETTING) as number);
    // Before the look-up, so that a rejected value does not create a series, which would show 0.
    else if (isNumber(value)) this.seriesOf(labels)?.record(value);
    else this.refuseValue(value, EXPECTED_VALUE);
  }

  /** Adds to the value of a label set, by default 1. Never throws. */
  inc(...args: WithLabels<L, [amount?: number]>): void;
  inc(labels?: Labels<string> | number, amount?: number): void {
    if (!isLabels(labels)) this.unlabelled.add(this.onlyValue(labels, amount, ADDING) as number);
    else if (amount === undefined || Number.isFinite(amount)) this.seriesOf(labels)?.add(amount ?? 1);
    else this.refuseValue(amount, EXPECTED_AMOUNT);
  }

  /** Subtracts from the value of a label set, by default 1. Never throws. */
  dec(...args: WithLabels<L, [amount?: number]>): void;
  dec(labels?: Labels<string> | number, amount?: number): void {
    if (!isLabels(labels)) this.unlabelled.take(this.onlyValue(labels, amount, ADDING) as number);
    else if (amount === undefined || Number.isFinite(amount)) this.seriesOf(labels)?.take(amount ?? 1);
    else this.refuseValue(amount, EXPECTED_AMOUNT);
  }

  /** Sets the value to the wall clock's time, in seconds since 1970. */
  setToCurrentTime(...labels: WithLabels<L, []>): void;
  setToCurrentTime(labels?: Labels<string> | null): void {
    this.seriesOf(labels ?? {})?.record(Date.now() / 1000);
  }

  /**
   * Runs a function and adds 1 to the value while it runs: `track(work)`, `track({ queue: 'mail' }, work)`. If the function returns a native
   * promise, until that settles. Returns the function's result, or throws its error.
   */
  track<R>(...args: WithLabels<L, [work: () => R]>): R;
  track<R>(...args: readonly unknown[]): R {
    const [labels, work] = labelsAndWork<SomeLabels<L>, () => R>(args);
    const series = labels === undefined ? this.unlabelled : this.seriesOf(labels);
    return series === undefined ? work() : series.tracked(work);
  }

  /** @internal */
  override get shapeDetails(): string {
    return this.aggregator === 'sum' ? '' : ` aggregated by ${this.aggregator}`;
  }

  protected createSeries(labelValues: readonly string[]): GaugeSeries {
    return new GaugeSeries(labelValues, this as TimedInstrument);
  }

  protected samplesOf(series: GaugeSeries): Sample[] {
    return [{ labels: labelsOf(this.labelNames, series), value: series.value }];
  }
}

const AGGREGATORS: readonly unknown[] = ['sum', 'first', 'min', 'max', 'average', 'omit', 'last', 'worker'] satisfies Aggregator[];

function checkedAggregator(name: string, given: Aggregator | 'avg' = 'sum'): Aggregator {
  const aggregator = given === 'avg' ? 'average' : given;
  if (!AGGREGATORS.includes(aggregator))
    throw invalidOption(
      name,
      'aggregator',
      `is ${typeof given === 'string' ? quote(given) : describeValue(given)}. Set it to sum, max, min, avg, last, worker, first or omit`,
    );
  return aggregator;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(value);
}

function isLabels(value: unknown): value is Labels<string> {
  return typeof value === 'object' && value !== null;
}
