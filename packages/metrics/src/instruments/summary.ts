/** Summaries: quantiles of the last minutes, with a count and a sum since the start. */
import { wallClockSeconds } from '../clock.js';
import type { Distribution } from '../distribution.js';
import { invalidQuantiles, invalidWindow } from '../errors.js';
import { labelsOf } from '../label-sets.js';
import type { Labels, WithLabels } from '../label-types.js';
import { SlidingWindow, type WindowShape } from '../sliding-window.js';
import { ownMethod } from './detached-methods.js';
import type { MetricOptions, ValueRule } from './instrument.js';
import type { Sample } from './metric-object.js';
import { TimedInstrument, TimedSeries } from './timed.js';

/** The default quantiles of a summary. */
export const SUMMARY_QUANTILES: readonly number[] = Object.freeze([0.5, 0.9, 0.95, 0.99]);

export interface SummaryOptions<L extends string> extends MetricOptions<L> {
  /**
   * The quantiles to expose, from 0 to 1.
   * @default SUMMARY_QUANTILES
   */
  readonly quantiles?: readonly number[];
  /** prom-client's name for `quantiles`. */
  readonly percentiles?: readonly number[];
  /**
   * How long values count for the quantiles, in seconds. `Infinity` means forever.
   * @default 600
   */
  readonly maxAgeSeconds?: number;
  /**
   * The number of steps in which old values are dropped, from 1 to 100.
   * @default 5
   */
  readonly ageBuckets?: number;
  /** Called at each scrape, before the values are read, and may observe. If it fails, the error is logged and the metric is missing from that scrape. */
  readonly collect?: (this: Summary<L>) => unknown;
}

const EXPECTED = 'a finite number of 0 or more';
const OBSERVING: ValueRule = { allowed: EXPECTED };
const MOST_AGE_BUCKETS = 100;

/** One label set of a summary. */
export class SummarySeries extends TimedSeries {
  count = 0;
  sum = 0;
  createdSeconds = wallClockSeconds();
  readonly window: SlidingWindow;

  constructor(labelValues: readonly string[], instrument: TimedInstrument, window: SlidingWindow) {
    super(labelValues, instrument);
    this.window = window;
  }

  /** The values of the window. Its `quantile(q)` works for any q. */
  get distribution(): Distribution {
    return this.window.distribution();
  }

  /**
   * Adds a value. Costs one clock read and a few array writes; never throws. The method can be detached from its series.
   *
   * A value must be finite and not negative, in the metric's unit; any other value is rejected, counted and logged once.
   */
  get observe(): (value: number) => void {
    return ownMethod(this, 'observe', (value: number) => this.record(value));
  }

  /** @internal The implementation of `observe`, which needs no closure for each series. */
  record(value: number): void {
    if (Number.isFinite(value) && value >= 0) {
      this.count += 1;
      this.sum += value;
      this.window.record(value);
    } else this.instrument.refuseValue(value, EXPECTED);
  }

  reset(): void {
    this.instrument.resetting(this);
    this.count = 0;
    this.sum = 0;
    this.createdSeconds = wallClockSeconds();
    this.window.reset();
  }
}

/**
 * Quantiles of the values of the last minutes, at most 2.2 % off. Unlike those of histograms, they can't be aggregated over several instances.
 *
 * @see https://prometheus.io/docs/concepts/metric_types/#summary
 */
export class Summary<L extends string = never> extends TimedInstrument<L, SummarySeries> {
  readonly type = 'summary' as const;
  /** The quantiles, from 0 to 1, ascending. */
  readonly quantiles: readonly number[];
  readonly window: WindowShape;

  /**
   * @throws TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_UNIT, TSK_ERR_METRIC_QUANTILES, TSK_ERR_METRIC_WINDOW,
   * TSK_ERR_METRIC_NAME_TAKEN, TSK_ERR_METRIC_NAME_OVERLAP
   */
  constructor(options: SummaryOptions<L>) {
    super(options);
    this.quantiles = checkedQuantiles(options.name, options.quantiles ?? options.percentiles ?? SUMMARY_QUANTILES);
    this.window = checkedWindow(options);
    this.open(options.registers);
  }

  /** Adds a value to a label set, in the metric's unit: `observe(0.2)`, `observe({ path: '/' }, 0.2)`. Never throws. */
  observe(...args: WithLabels<L, [value: number]>): void;
  observe(labels: Labels<string> | number, value?: number): void {
    if (typeof labels !== 'object' || labels === null) this.unlabelled.record(this.onlyValue(labels, value, OBSERVING) as number);
    // Before the look-up, so that a rejected value does not create a series.
    else if (Number.isFinite(value) && (value as number) >= 0) this.seriesOf(labels)?.record(value as number);
    else this.refuseValue(value, EXPECTED);
  }

  /** @internal */
  override get shapeDetails(): string {
    const { maxAgeSeconds, ageBuckets } = this.window;
    return ` with quantiles ${this.quantiles.join(', ')} over ${maxAgeSeconds} s in ${ageBuckets}`;
  }

  protected createSeries(labelValues: readonly string[]): SummarySeries {
    return new SummarySeries(labelValues, this as TimedInstrument, new SlidingWindow(this.hostClock, this.window));
  }

  protected samplesOf(series: SummarySeries): Sample[] {
    const labels = labelsOf(this.labelNames, series);
    const { distribution, sum, count } = series;
    const samples: Sample[] = this.quantiles.map((quantile) => ({
      labels: { ...labels, quantile },
      value: distribution.quantile(quantile),
    }));
    samples.push({ metricName: `${this.name}_sum`, labels, value: sum }, { metricName: `${this.name}_count`, labels, value: count });
    return samples;
  }
}

function checkedQuantiles(name: string, quantiles: readonly number[]): readonly number[] {
  if (!Array.isArray(quantiles)) throw invalidQuantiles(name, quantiles, 'are not a list');
  if (!quantiles.every((quantile) => typeof quantile === 'number' && quantile >= 0 && quantile <= 1))
    throw invalidQuantiles(name, quantiles, 'are not all between 0 and 1');
  if (new Set(quantiles).size < quantiles.length) throw invalidQuantiles(name, quantiles, 'contain a duplicate');
  return Object.freeze([...quantiles].sort((a, b) => a - b));
}

function checkedWindow({
  name,
  maxAgeSeconds = 600,
  ageBuckets = 5,
}: Pick<SummaryOptions<string>, 'name' | keyof WindowShape>): WindowShape {
  if (typeof maxAgeSeconds !== 'number' || !(maxAgeSeconds > 0)) throw invalidWindow(name, 'maxAgeSeconds', maxAgeSeconds);
  if (!Number.isInteger(ageBuckets) || ageBuckets < 1 || ageBuckets > MOST_AGE_BUCKETS) throw invalidWindow(name, 'ageBuckets', ageBuckets);
  return Object.freeze({ maxAgeSeconds, ageBuckets });
}
