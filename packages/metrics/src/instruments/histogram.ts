/** Histograms: distributions of values in buckets. */
import { wallClockSeconds } from '../clock.js';
import { Distribution } from '../distribution.js';
import { invalidBuckets, invalidOption } from '../errors.js';
import { type Exemplar, exemplarOf, exemplarSample, type RecordOptions } from '../exemplar.js';
import { labelsOf } from '../label-sets.js';
import type { Labels, SomeLabels, WithLabels } from '../label-types.js';
import { ownMethod } from './detached-methods.js';
import type { MetricOptions } from './instrument.js';
import type { Sample } from './metric-object.js';
import { type ExemplarLabels, TimedInstrument, TimedSeries } from './timed.js';

/** The default buckets of a histogram, in seconds. */
export const DURATION_BUCKETS_SECONDS: readonly number[] = Object.freeze([0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);

/** What can be chosen for a histogram apart from where it is made, by `MetricsRegistry.configureHistograms`. */
export interface HistogramSettings {
  /**
   * Upper bounds of the buckets, ascending, without +Inf.
   * @default DURATION_BUCKETS_SECONDS
   */
  readonly buckets?: readonly number[];
  /**
   * Whether scrapers that read native histograms get the fine buckets too. Where the metric exists, what it was made with holds.
   * @default true
   */
  readonly native?: boolean;
  /**
   * How many native buckets with values a series may have, from 8 up. Where it has more, pairs of neighbours become one, until it has no more.
   * @default 160
   */
  readonly maxNativeBuckets?: number;
}

export interface HistogramOptions<L extends string> extends MetricOptions<L>, HistogramSettings {
  /** Called at each scrape; may observe. Its failure costs this metric that scrape, and is logged. */
  readonly collect?: (this: Histogram<L>) => unknown;
}

/** What Prometheus's documentation recommends as a limit. */
const MAX_NATIVE_BUCKETS = 160;

/** The lowest schema needs no more. */
const FEWEST_NATIVE_BUCKETS = 8;

const EXPECTED = 'a finite number of 0 or more';

/** One label set of a histogram. */
export class HistogramSeries extends TimedSeries {
  readonly distribution: Distribution;
  createdSeconds = wallClockSeconds();
  /** The newest exemplar of each bucket; undefined until there is one. */
  exemplars: (Exemplar | undefined)[] | undefined = undefined;

  constructor(labelValues: readonly string[], instrument: TimedInstrument, bounds: readonly number[]) {
    super(labelValues, instrument);
    this.distribution = new Distribution(bounds);
  }

  /**
   * Adds a value. Costs a few array writes; never throws. The method can be detached from its series.
   *
   * A value must be finite and not negative, in the metric's unit; any other value is rejected, counted and logged once.
   */
  get observe(): (value: number, options?: RecordOptions) => void {
    return ownMethod(this, 'observe', (value: number, options?: RecordOptions) => this.record(value, options));
  }

  /** @internal The implementation of `observe`, which needs no closure for each series. */
  record(value: number, options?: RecordOptions): void {
    if (Number.isFinite(value) && value >= 0) {
      this.distribution.record(value);
      if (options !== undefined) this.keepExemplar(value, options);
    } else this.instrument.refuseValue(value, EXPECTED);
  }

  reset(): void {
    this.instrument.resetting(this);
    this.distribution.reset();
    this.createdSeconds = wallClockSeconds();
    this.exemplars = undefined;
  }

  /** @internal Keeps the exemplar of a value that was recorded already. */
  keepExemplar(value: number, options: RecordOptions): void {
    const exemplar = exemplarOf(options, value, (why) => this.instrument.refuseExemplar(why));
    if (exemplar === undefined) return;
    const { bounds } = this.distribution;
    const bucket = bounds.findIndex((bound) => value <= bound);
    this.exemplars ??= Array.from({ length: bounds.length + 1 }, () => undefined);
    this.exemplars[bucket < 0 ? bounds.length : bucket] = exemplar;
  }
}

/**
 * A distribution of values such as durations or sizes.
 *
 * In addition to its buckets, each series has fine ones, so that quantiles are at most 2.2 % off.
 * @see https://prometheus.io/docs/concepts/metric_types/#histogram
 */
export class Histogram<L extends string = never> extends TimedInstrument<L, HistogramSeries> {
  readonly type = 'histogram' as const;
  /** Upper bounds of the buckets, ascending, without +Inf. */
  readonly bounds: readonly number[];
  /** Whether it is exposed as a native histogram too. */
  readonly native: boolean;
  /** How many native buckets with values a series may have. */
  readonly maxNativeBuckets: number;

  /**
   * @throws TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_UNIT, TSK_ERR_METRIC_BUCKETS, TSK_ERR_METRIC_NAME_TAKEN,
   * TSK_ERR_METRIC_NAME_OVERLAP
   */
  constructor(options: HistogramOptions<L>) {
    super(options);
    const { name, buckets, native, maxNativeBuckets } = { ...options, ...this.host.histogramSettings?.(options.name) };
    this.bounds = checkedBounds(name, buckets ?? DURATION_BUCKETS_SECONDS);
    this.native = checkedNative(name, native);
    this.maxNativeBuckets = checkedMaxNativeBuckets(name, maxNativeBuckets);
    this.open(options.registers);
  }

  /**
   * Adds a value to a label set: `observe(0.2)`, `observe({ path: '/' }, 0.2)`. An exemplar can follow the value:
   * `observe(0.2, { exemplar: { trace_id } })`. Never throws.
   */
  observe(...args: WithLabels<L, [value: number, options?: RecordOptions]>): void;
  observe(labels: Labels<string> | number | null | undefined, value?: number | RecordOptions, options?: RecordOptions): void {
    if (typeof labels === 'number') this.unlabelled.record(labels, value as RecordOptions | undefined);
    else if (labels === undefined || labels === null) this.unlabelled.record(value as number, options);
    else if (typeof labels !== 'object') this.refuseValue(labels, EXPECTED);
    // Before the look-up, so that a rejected value does not create a series.
    else if (Number.isFinite(value) && (value as number) >= 0) this.seriesOf(labels)?.record(value as number, options);
    else this.refuseValue(value, EXPECTED);
  }

  /**
   * Starts a timer, and returns a function that ends it: the function observes the elapsed seconds and returns them. Labels, followed by an
   * exemplar, can be passed to both functions.
   */
  override startTimer(
    labels: SomeLabels<L> = {},
    exemplar?: ExemplarLabels,
  ): (labels?: SomeLabels<L>, exemplar?: ExemplarLabels) => number {
    return this.timer(labels, exemplar);
  }

  /** Creates the series of a label set, so that it is exposed before its first value. If the series exists, it is reset. */
  zero(...labels: WithLabels<L, []>): void;
  zero(labels: Labels<string> = {}): void {
    this.labels(labels as never).reset();
  }

  /** @internal */
  override get shapeDetails(): string {
    return ` with buckets ${this.bounds.join(', ')}`;
  }

  protected createSeries(labelValues: readonly string[]): HistogramSeries {
    return new HistogramSeries(labelValues, this as TimedInstrument, this.bounds);
  }

  protected samplesOf(series: HistogramSeries): Sample[] {
    const labels = labelsOf(this.labelNames, series);
    const { buckets, count, sum } = series.distribution;
    let below = 0;
    const samples = buckets.map((amount, index): Sample => {
      below += amount;
      const exemplar = series.exemplars?.[index];
      const bucket = { metricName: `${this.name}_bucket`, labels: { ...labels, le: this.bounds[index] ?? '+Inf' }, value: below };
      return exemplar === undefined ? bucket : { ...bucket, exemplar: exemplarSample(exemplar) };
    });
    samples.push({ metricName: `${this.name}_sum`, labels, value: sum }, { metricName: `${this.name}_count`, labels, value: count });
    return samples;
  }
}

function checkedNative(name: string, native: boolean = true): boolean {
  if (typeof native !== 'boolean') throw invalidOption(name, 'native', `is ${String(native)}. Set it to true or false`);
  return native;
}

function checkedMaxNativeBuckets(name: string, max: number = MAX_NATIVE_BUCKETS): number {
  if (!Number.isSafeInteger(max) || max < FEWEST_NATIVE_BUCKETS)
    throw invalidOption(name, 'maxNativeBuckets', `is ${String(max)}. Set it to a whole number of ${FEWEST_NATIVE_BUCKETS} or more`);
  return max;
}

function checkedBounds(name: string, buckets: readonly number[]): readonly number[] {
  if (!Array.isArray(buckets)) throw invalidBuckets(name, buckets, 'are not a list');
  const bounds = buckets.at(-1) === Number.POSITIVE_INFINITY ? buckets.slice(0, -1) : [...buckets];
  if (bounds.length === 0) throw invalidBuckets(name, buckets, 'are empty');
  if (!bounds.every(Number.isFinite)) throw invalidBuckets(name, buckets, 'are not all numbers');
  if (bounds.some((bound) => bound < 0))
    throw invalidBuckets(name, buckets, 'contain negative bounds, but histograms have no negative values');
  if (bounds.some((bound, index) => index > 0 && bound <= (bounds[index - 1] as number)))
    throw invalidBuckets(name, buckets, 'are not in ascending order');
  return Object.freeze(bounds);
}
