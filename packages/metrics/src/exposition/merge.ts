/** How the state of one registry is added to another. */
import type { Counter } from '../instruments/counter.js';
import type { Gauge, GaugeSeries } from '../instruments/gauge.js';
import type { Histogram } from '../instruments/histogram.js';
import type { Aggregator, Instrument } from '../instruments/instrument.js';
import { OVERFLOW_LABEL_VALUE } from '../label-sets.js';
import { type CounterSnapshot, fromGaugeValue, type GaugeSnapshot, type HistogramSnapshot, type MetricSnapshot } from './snapshot.js';

/** A metric's state and the instrument it is added to, which is of the same kind. */
export interface Merge {
  readonly metric: MetricSnapshot;
  readonly instrument: Instrument;
  /** Whether the instrument was made for this merge: it then has no values of its own. */
  readonly isNew: boolean;
}

/** Adds a metric's state to its instrument. Labels go by their names, whatever their order. */
export function addSnapshot(merge: Merge): void {
  const { metric, instrument } = merge;
  if (metric.type === 'counter') addCounts(instrument as unknown as Counter<string>, metric);
  else if (metric.type === 'gauge') addGauge(instrument as unknown as Gauge<string>, metric, merge.isNew);
  else addDistributions(instrument as unknown as Histogram<string>, metric);
}

function addCounts(counter: Counter<string>, metric: CounterSnapshot): void {
  const valuesOf = valuesInOrder(counter, metric);
  for (const { labels, value } of metric.series) {
    if (counter.isOpen && !isOverflow(labels)) counter.inc(labelObject(metric.labelNames, labels), value);
    else counter.seriesOfValues(valuesOf(labels)).inc(value);
  }
}

function addDistributions(histogram: Histogram<string>, metric: HistogramSnapshot): void {
  const valuesOf = valuesInOrder(histogram, metric);
  for (const state of metric.series) histogram.seriesOfValues(valuesOf(state.labels)).distribution.merge(state);
}

function addGauge(gauge: Gauge<string>, metric: GaugeSnapshot, isNew: boolean): void {
  const valuesOf = valuesInOrder(gauge, metric);
  const withValue = new Set(isNew ? [] : gauge.series);
  for (const { labels, value } of metric.series) {
    const series = gauge.seriesOfValues(valuesOf(labels));
    const given = fromGaugeValue(value);
    series.set(withValue.has(series) ? aggregated(gauge.aggregator, series, given) : given);
    withValue.add(series);
  }
}

// Of how many values a series is the average so far.
const partsOfAverage = new WeakMap<GaugeSeries, number>();

function aggregated(aggregator: Aggregator, series: GaugeSeries, value: number): number {
  switch (aggregator) {
    case 'min':
      return Math.min(series.value, value);
    case 'max':
      return Math.max(series.value, value);
    case 'average': {
      const parts = partsOfAverage.get(series) ?? 1;
      partsOfAverage.set(series, parts + 1);
      return (series.value * parts + value) / (parts + 1);
    }
    case 'first':
    case 'omit':
      return series.value;
    case 'sum':
      return series.value + value;
  }
}

/** Puts the label values of a snapshot into the instrument's order. */
function valuesInOrder(
  instrument: Pick<Instrument, 'labelNames'>,
  { labelNames }: MetricSnapshot,
): (labels: readonly string[]) => string[] {
  const order = instrument.labelNames.map((name) => labelNames.indexOf(name));
  return (labels) => order.map((index) => (isOverflow(labels) ? OVERFLOW_LABEL_VALUE : (labels[index] ?? '')));
}

function isOverflow(labels: readonly string[]): boolean {
  return labels.length > 0 && labels.every((value) => value === OVERFLOW_LABEL_VALUE);
}

function labelObject(names: readonly string[], values: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']).filter(([, value]) => value !== ''));
}
