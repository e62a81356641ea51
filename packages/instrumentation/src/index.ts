/** The instrumentation: measures an application, and serves its metrics. */

export type { CallObserver, CompletedCall, ObservedCall, ObservedMethod } from './calls/recording/call-observer.js';
export type { CallSpan, CallTracer, SpanOutcome, StartCallSpan, TracedMethod } from './calls/recording/call-tracer.js';
export { ABORTED_STATUS, CATALOGUE, isInCatalogue, OPENTELEMETRY_CATALOGUE, UNKNOWN_METHOD, UNMATCHED_PATH } from './catalogue.js';
export type {
  ClientCall,
  ClientCallObserver,
  ClientCallStart,
  DatabaseClientCall,
  EndedClientCall,
  FollowedClientCall,
  HttpClientCall,
} from './client-calls/client-call.js';
export { type ClientCalls, clientCallsOf, observeClientCalls } from './client-calls/client-calls.js';
export {
  type Console,
  type ConsoleSources,
  type MakeConsole,
  type OpenedStream,
  type PageAnswer,
  type PageApi,
  type PageStream,
  registerConsole,
  type ShownTask,
} from './console/console.js';
export type { ShownSetting } from './console/settings.js';
export { Instrumented, type InstrumentedDecorator, type InstrumentedOptions } from './decorators/instrumented.js';
export {
  type CallLabelDecorator,
  type CallLabelOptions,
  Counted,
  type Decorated,
  type EndedMethodCall,
  Gauged,
  type MethodCall,
  type MethodMetricDecorator,
  type MethodMetricOptions,
  type MethodResult,
  Timed,
  type TimedCallOptions,
  type TimedOptions,
} from './decorators/method-metrics.js';
export { Slo, type SloDecorator, type SloOptions } from './decorators/slo.js';
export { addMetricsEndpoint, type EndpointPlace, type EndpointRoute, type MetricsEndpoint } from './endpoints/added-endpoints.js';
export type { MetricsOrigin } from './endpoints/metrics-origin.js';
export { addMetricsScope, type MetricsScope } from './endpoints/scopes.js';
export { errorClassName } from './error-class-name.js';
export { InstrumentationError } from './errors.js';
export { type ExporterContext, type ExporterDeclaration, type ExporterKeys, exporterExtension } from './exporters/exporter-extension.js';
export { type ExporterSettings, exporterSchema } from './exporters/exporter-keys.js';
export { callObservers } from './extension/call-observers.js';
export { InstrumentationSchema, MetricsSchema } from './extension/configuration.js';
export { instrumentationExtension } from './extension/extension.js';
export { InstrumentationProvider } from './extension/provider.js';
export { isOfUnrecordedRoute } from './http/hooks.js';
export { LeftOutRoutes, type RequestExclusion, type RouteExclusion } from './http/left-out-routes.js';
export type { HostSelection } from './http-client/host-labels.js';
export {
  followHttpClient,
  type HttpClientMeasurement,
  type HttpClientOptions,
  measureHttpClient,
} from './http-client/measure-http-client.js';
export { injectContext } from './http-client/propagation.js';
export { type InstrumentOptions, instrument, traceCalls } from './instrument/instrument.js';
export type { LabelBudget, LabelDeclaration } from './labels/bounds.js';
export type { ComputedLabels, LabelDeclarations, LabelValuesFor } from './labels/declarations.js';
export { defineRequestLabels, type RequestLabelOptions, type RequestLabels } from './labels/request-labels.js';
export { type CalledEndpoint, type CalledMethod, type LastCalls, lastCallsOf } from './last-calls.js';
export type { FailedCall, KeptErrors, LastErrors } from './last-errors.js';
export { isLoopback } from './loopback.js';
export type { Unhandled } from './metadata/unhandled.js';
export type { MetricNaming } from './metric-naming.js';
export { observeCalls } from './observers/call-observers.js';
export { OPENTELEMETRY_NAMES, type OpenTelemetryAttribute, type OpenTelemetryName } from './opentelemetry-names.js';
export { type HttpInstrumentationOptions, httpInstrumentation } from './plugin/plugin.js';
export type {
  ComponentShare,
  CpuProfile,
  FunctionShare,
  HeapProfile,
  MeasuringShare,
  MemoryUse,
  MethodShare,
  Share,
} from './profile/component-profile.js';
export { profileCpu } from './profile/cpu-profile.js';
export { profileHeap } from './profile/heap-profile.js';
export { startHeapSampling } from './profile/heap-sampling.js';
export type { ProfileNode } from './profile/profile-node.js';
export type { ProfileOptions } from './profile/profile-options.js';
export { type RegisterThreadOptions, registerThread } from './threads/register-thread.js';
