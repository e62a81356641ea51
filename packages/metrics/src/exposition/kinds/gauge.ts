/** Writes and merges gauges. */
import type { Gauge, GaugeSeries } from '../../instruments/gauge.js';
import type { Aggregator } from '../../instruments/metric-object.js';
import { braced, formatNumber } from '../escape.js';
import { writeGauge } from '../messages/values.js';
import type { Kind, MetricState } from './kind.js';
import { oneOf } from './snapshot-values.js';

/** The value of a gauge. Infinities are texts, because JSON has none. */
export type GaugeValue = number | '+Inf' | '-Inf';

export interface GaugeSnapshot extends MetricState {
  readonly type: 'gauge';
  readonly aggregator: Aggregator;
  readonly series: readonly { readonly labels: readonly string[]; readonly value: GaugeValue }[];
}

const AGGREGATORS: readonly Aggregator[] = ['sum', 'first', 'min', 'max', 'average', 'omit', 'last', 'worker'];

export const gaugeKind: Kind<Gauge<string>, GaugeSeries, GaugeSnapshot> = {
  textType: 'gauge',

  lines:
    ({ name }) =>
    ({ value }, labels, out) =>
      out.text(`${name}${braced(labels)} ${formatNumber(value)}\n`),

  messages: (_, family) => (series) => {
    const start = family.begin(series.labelValues);
    writeGauge(family.out, series.value);
    family.out.end(start);
  },

  shape: ({ aggregator }) => ({ type: 'gauge', aggregator }),

  point: ({ value }) => ({ value: toGaugeValue(value) }),

  mark: ({ value }) => value,

  snapshot(gauge, head) {
    const series = gauge.series.map(({ labelValues, value }) => ({ labels: [...labelValues], value: toGaugeValue(value) }));
    return { ...head, type: 'gauge', aggregator: gauge.aggregator, series };
  },

  check(name, { aggregator }) {
    oneOf(AGGREGATORS, aggregator, `the aggregator of ${name} is unknown`);
    return ({ value }) => Number.isFinite(value) || value === '+Inf' || value === '-Inf';
  },

  instrumentFor: (factory, metric) => (metric.aggregator === 'omit' ? undefined : factory.gauge(metric)),

  add({ instrument: gauge, metric, isNew, valuesOf }) {
    const withValue = new Set(isNew ? [] : gauge.series);
    for (const { labels, value } of metric.series) {
      const series = gauge.seriesOfValues(valuesOf(labels));
      const given = fromGaugeValue(value);
      series.record(withValue.has(series) ? aggregated(gauge.aggregator, series, given) : given);
      withValue.add(series);
    }
  },
};

// The number of values of which a series is the average so far.
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
    case 'last':
      return value;
    // Snapshots don't say which process they are of.
    case 'worker':
    case 'sum':
      return series.value + value;
  }
}

function toGaugeValue(value: number): GaugeValue {
  if (Number.isFinite(value)) return value;
  return value > 0 ? '+Inf' : '-Inf';
}

function fromGaugeValue(value: GaugeValue): number {
  if (typeof value === 'number') return value;
  return value === '+Inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
