/** The instrumentation: what measures an application, and where it can be read. */
export { type InstrumentOptions, instrument } from './calls/instrument.js';
export type { Unhandled } from './calls/unhandled.js';
export { ABORTED_STATUS, CATALOGUE, isInCatalogue, UNKNOWN_METHOD, UNMATCHED_PATH } from './catalogue.js';
export { InstrumentationSchema, MetricsSchema } from './configuration.js';
export type { MetricsOrigin } from './endpoints/metrics-origin.js';
export { InstrumentationError } from './errors.js';
export { instrumentationExtension } from './extension.js';
export { type HttpInstrumentationOptions, httpInstrumentation } from './http/plugin.js';
export { Instrumented, type InstrumentedDecorator, type InstrumentedOptions } from './instrumented.js';
export {
  Counted,
  Gauged,
  type MethodMetricDecorator,
  type MethodMetricOptions,
  Timed,
  type TimedOptions,
} from './method-metrics/decorators.js';
export { InstrumentationProvider } from './provider.js';
export { Slo, type SloDecorator, type SloOptions } from './slo/decorator.js';
