/** A registry's state as plain JSON, and how such states add up. */
import type { DistributionSnapshot } from '../distribution.js';
import { invalidSnapshot } from '../errors.js';
import { Counter } from '../instruments/counter.js';
import { Gauge, type GaugeSeries } from '../instruments/gauge.js';
import { Histogram } from '../instruments/histogram.js';
import type { Aggregator, Instrument } from '../instruments/instrument.js';

interface SnapshotBase {
  readonly name: string;
  readonly help: string;
  readonly labelNames: readonly string[];
}

/** The state of one metric; `labels` are values in the order of `labelNames`. */
export type MetricSnapshot =
  | (SnapshotBase & {
      readonly type: 'counter';
      readonly series: readonly { readonly labels: readonly string[]; readonly value: number }[];
    })
  | (SnapshotBase & {
      readonly type: 'gauge';
      readonly aggregator: Aggregator;
      readonly series: readonly { readonly labels: readonly string[]; readonly value: number }[];
    })
  | (SnapshotBase & {
      readonly type: 'histogram';
      readonly bounds: readonly number[];
      readonly series: readonly ({ readonly labels: readonly string[] } & DistributionSnapshot)[];
    });

/** The state of a registry: plain JSON, which another process's registry can merge. */
export interface RegistrySnapshot {
  readonly version: 1;
  readonly metrics: readonly MetricSnapshot[];
}

export function snapshotOf(instrument: Instrument): MetricSnapshot {
  const { name, help } = instrument;
  const base = { name, help, labelNames: [...instrument.labelNames] };
  if (instrument instanceof Histogram) {
    const series = (instrument as Histogram<string>).series.map(({ labelValues, distribution }) => ({
      labels: [...labelValues],
      ...distribution.snapshot(),
    }));
    return { ...base, type: 'histogram', bounds: [...instrument.bounds], series };
  }
  if (instrument instanceof Gauge) {
    return { ...base, type: 'gauge', aggregator: instrument.aggregator, series: plainSeries(instrument as Gauge<string>) };
  }
  return { ...base, type: 'counter', series: plainSeries(instrument as unknown as Counter<string>) };
}

function plainSeries(instrument: Counter<string> | Gauge<string>): { labels: string[]; value: number }[] {
  return instrument.series.map(({ labelValues, value }) => ({ labels: [...labelValues], value }));
}

/**
 * Adds a metric's state to an instrument of the same shape.
 * @throws TSK_ERR_METRIC_SNAPSHOT
 */
export function mergeInto(instrument: Instrument, snapshot: MetricSnapshot): void {
  if (snapshot.type === 'counter' && instrument instanceof Counter) {
    for (const { labels, value } of snapshot.series) (instrument as Counter<string>).seriesOfValues(labels).inc(value);
  } else if (snapshot.type === 'gauge' && instrument instanceof Gauge) {
    mergeGauge(instrument as Gauge<string>, snapshot.series);
  } else if (snapshot.type === 'histogram' && instrument instanceof Histogram) {
    for (const state of snapshot.series) (instrument as Histogram<string>).seriesOfValues(state.labels).distribution.merge(state);
  } else {
    throw invalidSnapshot(`${snapshot.name} is a ${snapshot.type} in it and a ${instrument.type} here`);
  }
}

function mergeGauge(gauge: Gauge<string>, states: readonly { readonly labels: readonly string[]; readonly value: number }[]): void {
  for (const { labels, value } of states) {
    const isNew = !gauge.series.some((series) => series.labelValues.every((text, index) => text === labels[index]));
    const series = gauge.seriesOfValues(labels);
    series.set(isNew ? value : aggregate(gauge.aggregator, series, value));
  }
}

function aggregate(aggregator: Aggregator, series: GaugeSeries, value: number): number {
  switch (aggregator) {
    case 'min':
      return Math.min(series.value, value);
    case 'max':
      return Math.max(series.value, value);
    case 'first':
    case 'omit':
      return series.value;
    case 'sum':
      return series.value + value;
    default:
      // An average can't be taken step by step without the number of steps.
      throw invalidSnapshot(`the gauge's aggregator ${aggregator} needs all values at once`);
  }
}
