/** Sends traces and metrics by OTLP. */

export { OpenTelemetrySchema } from './configuration.js';
export { OpenTelemetryError } from './errors.js';
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
