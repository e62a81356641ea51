/** Tells on the server itself where its metrics are: with port 0 nobody else knows. */
import type { FastifyInstance } from 'fastify';

/** What a Fastify server with the endpoints has more than others. */
export interface MetricsOrigin {
  /** Where the metrics endpoints are served, such as `http://127.0.0.1:9464`; undefined while nothing listens, and without endpoints. */
  readonly metricsOrigin?: string | undefined;
}

declare module 'fastify' {
  interface FastifyInstance extends MetricsOrigin {}
}

export function decorateOrigin(fastify: FastifyInstance, getter: () => string | undefined): void {
  if (!fastify.hasDecorator('metricsOrigin')) fastify.decorate('metricsOrigin', { getter });
}
