/** Sends traces and metrics by OTLP. */

export { OpenTelemetrySchema } from './configuration.js';
export { OpenTelemetryError } from './errors.js';
export type { OtlpOptions } from './options.js';
