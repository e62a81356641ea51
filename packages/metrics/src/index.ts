/** The metrics engine: instruments, the registry, and exposition. */

export { exponentialBuckets, linearBuckets } from './bucket-bounds.js';
export { type Clock, nanoseconds, processClock, secondsBetween } from './clock.js';
export { Distribution, type DistributionSnapshot } from './distribution.js';
export { MetricError } from './errors.js';
export { type Exemplar, exemplarOfTrace, MAX_EXEMPLAR_LENGTH, type RecordOptions, type WrittenExemplar } from './exemplar.js';
export type { ScrapeReader } from './exposition/chunk-use.js';
export type { DefaultLabels } from './exposition/default-labels.js';
export type { CounterSnapshot } from './exposition/kinds/counter.js';
export type { GaugeSnapshot, GaugeValue } from './exposition/kinds/gauge.js';
export type { HistogramSnapshot } from './exposition/kinds/histogram.js';
export type { InfoSnapshot } from './exposition/kinds/info.js';
export type { MetricSnapshot } from './exposition/kinds/kind-table.js';
export type { StateSetSnapshot } from './exposition/kinds/state-set.js';
export type { SummarySnapshot } from './exposition/kinds/summary.js';
export { OPENMETRICS_CONTENT_TYPE } from './exposition/openmetrics.js';
export { PROTOBUF_CONTENT_TYPE } from './exposition/protobuf.js';
export type { LeaveOut } from './exposition/read-metric.js';
export type { RegistrySnapshot } from './exposition/snapshot.js';
export { PROMETHEUS_CONTENT_TYPE } from './exposition/text.js';
export { BUCKETS_PER_OCTAVE } from './fine-buckets.js';
export { Counter, type CounterOptions, type CounterSeries } from './instruments/counter.js';
export { Gauge, type GaugeOptions, type GaugeSeries } from './instruments/gauge.js';
export {
  DURATION_BUCKETS_SECONDS,
  Histogram,
  type HistogramOptions,
  type HistogramSeries,
  type HistogramSettings,
} from './instruments/histogram.js';
export { Info, type InfoOptions, type InfoSeries } from './instruments/info.js';
export { Instrument, type MetricOptions } from './instruments/instrument.js';
export type { Aggregator, InstrumentType, MetricObject, PromClientAggregator, Sample } from './instruments/metric-object.js';
export type { RecordedMetric } from './instruments/open-counter.js';
export { StateSet, type StateSetOptions, type StateSetSeries } from './instruments/state-set.js';
export { SUMMARY_QUANTILES, Summary, type SummaryOptions, type SummarySeries } from './instruments/summary.js';
export { isOverflow, OVERFLOW_LABEL_VALUE } from './label-sets.js';
export { MAX_LABEL_VALUE_LENGTH } from './label-text.js';
export type { Labels, LabelValue, SomeLabels } from './label-types.js';
export { LONGEST_TIMEOUT_MS } from './longest-timeout.js';
export type {
  CounterFamily,
  CounterPoint,
  FamilyHead,
  FineBuckets,
  GaugeFamily,
  GaugePoint,
  HistogramFamily,
  HistogramPoint,
  InfoFamily,
  InfoPoint,
  LabelRecord,
  MetricFamily,
  MetricPoint,
  MetricValue,
  StateSetFamily,
  StateSetPoint,
  SummaryFamily,
  SummaryPoint,
  UntypedFamily,
} from './metric-family.js';
export { numberOf } from './metric-family.js';
export { isLabelName, isMetricName, isSampleLabelName } from './names.js';
export { type PromClientMetric, processMetrics } from './prom-client.js';
export { answerOf } from './push/answer.js';
export { BatchRejected, type Exporter, type ExporterLogger, type PushAttempt, RetryLater } from './push/exporter.js';
export { EXPORTER_LAST_SUCCESS, EXPORTER_PUSHES, EXPORTER_UP } from './push/exporter-metrics.js';
export type { PushLoopOptions } from './push/loop-options.js';
export { PushLoop, startExporter } from './push/push-loop.js';
export { type GatewayOptions, type PushOptions, pushMetrics, startPushing } from './push/push-metrics.js';
export type { PushGroup } from './push/push-target.js';
export type { PushTimers } from './push/push-timers.js';
export { runJob } from './push/run-job.js';
export { untilAborted } from './push/until-aborted.js';
export { DeltaReader, type DeltaReaderOptions, type MetricsDelta } from './read/delta-reader.js';
export type { ReadableRegistry } from './read/readable-registry.js';
export { unfaked } from './real-timers.js';
export { type ExposeOptions, type ExpositionFormat, MetricsRegistry, type TextExpositionFormat } from './registry.js';
export type { RegistryOptions } from './registry-options.js';
export { type RemoteAddress, remoteAddress } from './remote/remote-address.js';
export { INVALID_VALUES, SERIES_DROPPED } from './self-metrics.js';
export { type HeldSeries, holdSeries, type SeriesHolder } from './series-holder.js';
export { shownAddress, shownCause, withoutUrlSecrets } from './shown-address.js';
export type { ChangedFamily, FamilyDefinition, RegistryChanges, SeriesDefinition } from './totals/changes.js';
export { ChangesReader } from './totals/changes-reader.js';
export type { TotalsSource } from './totals/kinds/total-kind.js';
export { distributionWith, type SparseDistribution } from './totals/sparse-distribution.js';
export { Totals, type TotalsOptions } from './totals/totals.js';
