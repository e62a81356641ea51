/** Puts the endpoints where the configuration wants them: on the application's port, or on one of their own. */
import type { FastifyInstance } from 'fastify';
import type { MetricsListener } from './metrics-listener.js';
import { decorateOrigin } from './metrics-origin.js';
import { listenOnOwnPort } from './own-port.js';
import { addEndpoints, type EndpointOptions } from './routes.js';

export interface ServeOptions extends EndpointOptions {
  /** The port of their own, and 0 for any free one; null for the application's. */
  readonly port: number | null;
  /** Where that port is set, for errors. */
  readonly setBy: string;
}

/** @returns the listener, where they have one of their own */
export async function serveEndpoints(fastify: FastifyInstance, options: ServeOptions): Promise<MetricsListener | undefined> {
  const { port, setBy } = options;
  if (port === null) {
    await addEndpoints(fastify, options);
    decorateOrigin(fastify, () => fastify.listeningOrigin);
    return undefined;
  }
  const addRoutes = (server: FastifyInstance): Promise<void> => addEndpoints(server, options);
  const listener = listenOnOwnPort(fastify, { port, setBy, addRoutes, logger: fastify.log });
  decorateOrigin(fastify, () => listener.origin);
  return listener;
}
