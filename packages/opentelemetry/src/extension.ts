/** OpenTelemetry as a part of an application. */
import type { ApplicationContext, Configuration, Extension, ExtensionFactory, PrimaryHost, RequestObserver } from '@tsukimi/core';
import { metricsPart } from './metrics-part.js';
import { TracesPart } from './traces-part.js';

type Fastify = Parameters<NonNullable<Extension['server']>>[0];

/**
 * The extension that sends the traces and metrics of an application by OTLP, with the settings of the namespace `opentelemetry` and the standard `OTEL_*`
 * variables.
 *
 * @example
 * // @Application({ extensions: [openTelemetry] })
 */
export const openTelemetry: ExtensionFactory = () => new OpenTelemetryExtension();

class OpenTelemetryExtension implements Extension {
  readonly name = 'opentelemetry';
  readonly #metrics = metricsPart();
  readonly #traces = new TracesPart();

  requestContext(configuration: Configuration): RequestObserver | false {
    return this.#traces.requestContext(configuration);
  }

  /** Spans are sent by each worker, metrics by the primary. */
  async primary(host: PrimaryHost): Promise<void> {
    await this.#metrics.primary?.(host);
  }

  async configure(context: ApplicationContext): Promise<void> {
    await this.#metrics.configure?.(context);
    this.#traces.configure(context);
  }

  async server(fastify: Fastify, context: ApplicationContext): Promise<void> {
    this.#traces.server(context);
    await this.#metrics.server?.(fastify, context);
  }

  async started(context: ApplicationContext): Promise<void> {
    this.#traces.started();
    await this.#metrics.started?.(context);
  }

  async stopped(context: ApplicationContext): Promise<void> {
    // Each within its own limit, at the same time.
    await Promise.all([this.#traces.stopped(), this.#metrics.stopped?.(context)]);
  }
}
