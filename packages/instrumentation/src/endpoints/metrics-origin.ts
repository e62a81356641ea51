/** Sets the origin of the metrics on the server, because with port 0 it is not known otherwise. */
import type { FastifyInstance } from 'fastify';

/** The additional property of a Fastify server with the endpoints. */
export interface MetricsOrigin {
  /** Where the metrics endpoints are served, such as `http://127.0.0.1:9464`; undefined if nothing listens, and without endpoints. */
  readonly metricsOrigin?: string | undefined;
}

declare module 'fastify' {
  interface FastifyInstance extends MetricsOrigin {}
}

export function decorateOrigin(fastify: FastifyInstance, getter: () => string | undefined): void {
  if (!fastify.hasDecorator('metricsOrigin')) fastify.decorate('metricsOrigin', { getter });
}
