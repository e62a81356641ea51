/** The engine: metrics, the registry that holds them, and their way out. */
export { type Clock, processClock, secondsBetween } from './clock.js';
export { Distribution, type DistributionSnapshot } from './distribution.js';
export { MetricError } from './errors.js';
export type { DefaultLabels } from './exposition/default-labels.js';
export type {
  CounterSnapshot,
  GaugeSnapshot,
  GaugeValue,
  HistogramSnapshot,
  MetricSnapshot,
  RegistrySnapshot,
} from './exposition/snapshot.js';
export { BUCKETS_PER_OCTAVE } from './fine-buckets.js';
export { Counter, type CounterOptions, type CounterSeries } from './instruments/counter.js';
export { Gauge, type GaugeOptions, type GaugeSeries } from './instruments/gauge.js';
export { DURATION_BUCKETS_SECONDS, Histogram, type HistogramOptions, type HistogramSeries } from './instruments/histogram.js';
export {
  type Aggregator,
  Instrument,
  type InstrumentType,
  type MetricObject,
  type MetricOptions,
  type Sample,
} from './instruments/instrument.js';
export { OVERFLOW_LABEL_VALUE } from './label-sets.js';
export { MAX_LABEL_VALUE_LENGTH } from './label-text.js';
export type { Labels, LabelValue, SomeLabels } from './label-types.js';
export { type PromClientMetric, processMetrics } from './prom-client.js';
export { type ExposeOptions, MetricsRegistry, type RegistryOptions } from './registry.js';
export { INVALID_VALUES, SERIES_DROPPED } from './self-metrics.js';
