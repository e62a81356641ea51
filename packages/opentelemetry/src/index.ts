/** Sends traces and metrics by OTLP. */

export { OpenTelemetrySchema } from './configuration.js';
export { OpenTelemetryError } from './errors.js';
export { openTelemetry } from './extension.js';
export type { Temporality } from './metrics/encode/family-messages.js';
export {
  type ExportToOtlpOptions,
  exportToOtlp,
  type OtlpBatch,
  type OtlpMetricsExporterOptions,
  otlpMetricsExporter,
} from './metrics/exporter.js';
export type { HistogramForm, OtlpMetricsOptions } from './metrics/options.js';
export { OTLP_REJECTED_POINTS } from './metrics/rejected-points.js';
export type { OtlpOptions } from './options.js';
export { EXPORTER_DROPPED_SPANS } from './traces/dropped-spans.js';
export type { SpanSwitch, SpanSwitches, TracesOptions } from './traces/options.js';
export type { PropagatorName } from './traces/propagators.js';
export { type StartTracingOptions, startTracing } from './traces/start-tracing.js';
export type { Tracing } from './traces/tracing.js';
