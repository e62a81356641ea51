/** A distribution of values, in buckets. */
import { type Clock, secondsBetween } from '../clock.js';
import { Distribution } from '../distribution.js';
import { invalidBuckets } from '../errors.js';
import type { LabelArguments, Labels, SomeLabels, WithLabels } from '../label-types.js';
import { Instrument, labelsOf, type MetricOptions, type Sample, type Series } from './instrument.js';

/** The buckets of a histogram that names none, in seconds: from a cache hit to a patient client. */
export const DURATION_BUCKETS_SECONDS: readonly number[] = Object.freeze([0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]);

export interface HistogramOptions<L extends string> extends MetricOptions<L> {
  /** Upper bounds, ascending, without +Inf; `DURATION_BUCKETS_SECONDS` unless told. */
  readonly buckets?: readonly number[];
  /** Called at each scrape; may observe. Its failure costs this metric that scrape, and is logged. */
  readonly collect?: (this: Histogram<L>) => unknown;
}

const EXPECTED = 'a finite number of 0 or more';

/** One label set of a histogram. */
export class HistogramSeries implements Series {
  readonly distribution: Distribution;
  exposedLabels: string | undefined = undefined;

  constructor(
    public labelValues: readonly string[],
    private readonly histogram: Instrument,
    private readonly clock: Clock,
    bounds: readonly number[],
  ) {
    this.distribution = new Distribution(bounds);
  }

  /**
   * Adds a value. A few array writes; never throws.
   * @param value finite and not negative, in the metric's unit; anything else is refused, counted and logged once
   */
  observe(value: number): void {
    if (Number.isFinite(value) && value >= 0) this.distribution.record(value);
    else this.histogram.refuseValue(value, EXPECTED);
  }

  /** Starts a timer; calling what it returns observes the seconds since, and returns them. */
  startTimer(): () => number {
    const start = this.clock();
    return () => {
      const seconds = secondsBetween(start, this.clock());
      this.observe(seconds);
      return seconds;
    };
  }

  reset(): void {
    this.distribution.reset();
  }
}

/**
 * Values and how often they came: durations, sizes.
 *
 * Beside its buckets each series keeps fine ones, so that quantiles are within 2.2 %.
 * @see https://prometheus.io/docs/concepts/metric_types/#histogram
 */
export class Histogram<L extends string = never> extends Instrument<L, HistogramSeries> {
  readonly type = 'histogram' as const;
  /** Upper bounds, ascending, without +Inf. */
  readonly bounds: readonly number[];

  /** @throws TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_BUCKETS, TSK_ERR_METRIC_NAME_TAKEN */
  constructor(options: HistogramOptions<L>) {
    super(options);
    this.bounds = checkedBounds(options.name, options.buckets ?? DURATION_BUCKETS_SECONDS);
    this.open(options.registers);
  }

  /** Adds a value to a label set: `observe(0.2)`, `observe({ path: '/' }, 0.2)`. Never throws. */
  observe(...args: WithLabels<L, [value: number]>): void;
  observe(labels: Labels<string> | number, value?: number): void {
    if (typeof labels !== 'object' || labels === null) this.unlabelled.observe(labels);
    // Before the series is looked up: what is refused makes none.
    else if (Number.isFinite(value) && (value as number) >= 0) this.seriesOf(labels)?.observe(value as number);
    else this.refuseValue(value, EXPECTED);
  }

  /** Starts a timer; calling what it returns observes the seconds since, and returns them. Labels may be given at either end. */
  startTimer(labels: SomeLabels<L> = {}): (labels?: SomeLabels<L>) => number {
    const first = { ...labels };
    const start = this.host.clock();
    return (more = {}) => {
      const seconds = secondsBetween(start, this.host.clock());
      this.seriesOf({ ...first, ...more })?.observe(seconds);
      return seconds;
    };
  }

  /** Makes the series of a label set, so that it is exposed before its first value; one that exists is set back. */
  zero(labels: Labels<L>): void {
    this.bind([labels]).reset();
  }

  /**
   * The series of a label set, to be kept by the caller.
   * @throws TSK_ERR_METRIC_LABEL_UNKNOWN, TSK_ERR_METRIC_LABEL_VALUES, TSK_ERR_METRIC_LABEL_UNREADABLE
   */
  labels(...labels: LabelArguments<L>): HistogramSeries {
    return this.bind(labels);
  }

  /** Forgets a label set: it is no longer exposed, and a series of it that someone holds counts for nothing. */
  remove(...labels: LabelArguments<L>): void {
    this.forget(labels);
  }

  protected createSeries(labelValues: readonly string[]): HistogramSeries {
    return new HistogramSeries(labelValues, this as Instrument, this.host.clock, this.bounds);
  }

  protected samplesOf(series: HistogramSeries): Sample[] {
    const labels = labelsOf(this.labelNames, series);
    const { buckets, count, sum } = series.distribution;
    let below = 0;
    const samples: Sample[] = buckets.map((amount, index) => {
      below += amount;
      return { metricName: `${this.name}_bucket`, labels: { ...labels, le: this.bounds[index] ?? '+Inf' }, value: below };
    });
    samples.push({ metricName: `${this.name}_sum`, labels, value: sum }, { metricName: `${this.name}_count`, labels, value: count });
    return samples;
  }
}

/** @throws TSK_ERR_METRIC_BUCKETS */
export function checkedBounds(name: string, buckets: readonly number[]): readonly number[] {
  if (!Array.isArray(buckets)) throw invalidBuckets(name, buckets, 'are not a list');
  const bounds = buckets.at(-1) === Number.POSITIVE_INFINITY ? buckets.slice(0, -1) : [...buckets];
  if (bounds.length === 0) throw invalidBuckets(name, buckets, 'are empty');
  if (!bounds.every(Number.isFinite)) throw invalidBuckets(name, buckets, 'are not all numbers');
  if (bounds.some((bound, index) => index > 0 && bound <= (bounds[index - 1] as number)))
    throw invalidBuckets(name, buckets, 'are not in ascending order');
  return Object.freeze(bounds);
}
