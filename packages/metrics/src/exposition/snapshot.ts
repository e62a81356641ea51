/** A registry's state as plain JSON. */
import type { DistributionSnapshot } from '../distribution.js';
import type { Counter } from '../instruments/counter.js';
import { Gauge } from '../instruments/gauge.js';
import { Histogram } from '../instruments/histogram.js';
import type { Aggregator, Instrument } from '../instruments/instrument.js';

interface SnapshotBase {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

/** A gauge's value; JSON has no infinities. */
export type GaugeValue = number | '+Inf' | '-Inf';

/** The state of one metric; `labels` are values in the order of `labelNames`. */
export type MetricSnapshot = CounterSnapshot | GaugeSnapshot | HistogramSnapshot;

export interface CounterSnapshot extends SnapshotBase {
  readonly type: 'counter';
  /** Where `recordMetric` made it: its label names grow with use. */
  readonly open?: true;
  readonly series: readonly { readonly labels: readonly string[]; readonly value: number }[];
}

export interface GaugeSnapshot extends SnapshotBase {
  readonly type: 'gauge';
  readonly aggregator: Aggregator;
  readonly series: readonly { readonly labels: readonly string[]; readonly value: GaugeValue }[];
}

export interface HistogramSnapshot extends SnapshotBase {
  readonly type: 'histogram';
  /** Upper bounds of the classic buckets, ascending, without +Inf. */
  readonly bounds: readonly number[];
  readonly series: readonly ({ readonly labels: readonly string[] } & DistributionSnapshot)[];
}

/** The state of a registry: plain JSON, which another process's registry can merge. */
export interface RegistrySnapshot {
  readonly version: 1;
  readonly metrics: readonly MetricSnapshot[];
}

export function snapshotOf(instrument: Instrument): MetricSnapshot {
  const { name, help } = instrument;
  const base = { name, help, labelNames: [...instrument.labelNames] };
  if (instrument instanceof Histogram) return histogramSnapshot(base, instrument as Histogram<string>);
  if (instrument instanceof Gauge) return gaugeSnapshot(base, instrument as Gauge<string>);
  return counterSnapshot(base, instrument as unknown as Counter<string>);
}

function counterSnapshot(base: SnapshotBase, counter: Counter<string>): CounterSnapshot {
  const series = counter.series.map(({ labelValues, value }) => ({ labels: [...labelValues], value: finite(value) }));
  return { ...base, type: 'counter', ...(counter.isOpen && { open: true }), series };
}

function gaugeSnapshot(base: SnapshotBase, gauge: Gauge<string>): GaugeSnapshot {
  const series = gauge.series.map(({ labelValues, value }) => ({ labels: [...labelValues], value: toGaugeValue(value) }));
  return { ...base, type: 'gauge', aggregator: gauge.aggregator, series };
}

function histogramSnapshot(base: SnapshotBase, histogram: Histogram<string>): HistogramSnapshot {
  const series = histogram.series.map(({ labelValues, distribution }) => {
    const state = distribution.snapshot();
    return { labels: [...labelValues], ...state, sum: finite(state.sum) };
  });
  return { ...base, type: 'histogram', bounds: [...histogram.bounds], series };
}

/** What overflowed to infinity by adding up is as large as JSON can write it. */
function finite(value: number): number {
  return Math.min(value, Number.MAX_VALUE);
}

function toGaugeValue(value: number): GaugeValue {
  if (Number.isFinite(value)) return value;
  return value > 0 ? '+Inf' : '-Inf';
}

export function fromGaugeValue(value: GaugeValue): number {
  if (typeof value === 'number') return value;
  return value === '+Inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
