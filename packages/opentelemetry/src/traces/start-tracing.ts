/** Tracing without the framework. */
import type { ExporterLogger, MetricsRegistry } from '@tsukimi/metrics';
import { isOffByVariable } from '../exporter-variables.js';
import type { OtlpOptions } from '../options.js';
import { resourceAttributes } from '../resource.js';
import { tracesTarget } from '../target.js';
import { type TracesOptions, tracesSettings } from './options.js';
import { Tracing } from './tracing.js';

/** Who sends, where to, and what is traced. */
export interface StartTracingOptions extends OtlpOptions, TracesOptions {
  /**
   * Where it is logged when the receiver can't be reached, and when it can again.
   * @default failures are reported by the registry's `onError`
   */
  readonly logger?: ExporterLogger | undefined;
  /**
   * The hosts that the trace is passed on to by outgoing HTTP requests, as in `measureHttpClient`.
   * @default ['loopback']
   */
  readonly propagateTo?: readonly string[] | undefined;
}

/**
 * Traces a program without the framework, and sends its spans by OTLP. Call it before you instrument anything in the registry, and `stop()` of what it
 * returns when the process ends.
 *
 * What it returns observes requests, too: pass it to `httpInstrumentation({ requestContext: { observers: [tracing] } })`.
 *
 * If the program has registered a tracer provider with OpenTelemetry's API, that one makes and sends the spans, and the options about sending and sampling
 * have no effect. With `OTEL_SDK_DISABLED=true` or `OTEL_TRACES_EXPORTER=none`, nothing is traced.
 * @throws TSK_ERR_OPENTELEMETRY_OPTION, TSK_ERR_OPENTELEMETRY_PROTOCOL
 * @example
 * const tracing = startTracing(registry, { service: 'shop', endpoint: 'http://collector:4318' });
 * await fastify.register(httpInstrumentation, { registry, requestContext: { observers: [tracing] } });
 */
export function startTracing(registry: MetricsRegistry, options: StartTracingOptions = {}): Tracing {
  const { tracesEndpoint: signalEndpoint, logger } = options;
  const tracing = new Tracing({
    settings: tracesSettings(options),
    target: () => tracesTarget({ ...options, signalEndpoint }),
    resource: resourceAttributes(options),
    propagateTo: options.propagateTo,
  });
  if (isOffByVariable('traces', process.env)) return tracing;
  tracing.open();
  tracing.trace({ registry, logger });
  tracing.start();
  return tracing;
}
