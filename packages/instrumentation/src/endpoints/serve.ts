/** Serves the endpoints on the application's port or on a separate port. */
import type { FastifyInstance } from 'fastify';
import type { MetricsListener } from './metrics-listener.js';
import { decorateOrigin } from './metrics-origin.js';
import { listenOnOwnPort } from './own-port.js';
import { addEndpoints, type EndpointOptions } from './routes.js';

export interface ServeOptions extends Omit<EndpointOptions, 'closing'> {
  /** The separate port, 0 for any free one; null for the application's port. */
  readonly port: number | null;
  /** The name of the port's setting, for errors. */
  readonly setBy: string;
  /** Adds the routes of probes to the separate port; undefined if they are not there. */
  readonly addHealth?: ((server: FastifyInstance) => Promise<void>) | undefined;
}

/** @returns the separate server, if there is one */
export async function serveEndpoints(fastify: FastifyInstance, options: ServeOptions): Promise<MetricsListener | undefined> {
  const { port, setBy, addHealth } = options;
  const closing = new AbortController();
  const given = { ...options, closing };
  if (port === null) {
    await addEndpoints(fastify, given);
    decorateOrigin(fastify, () => fastify.listeningOrigin);
    return undefined;
  }
  // It closes before the endpoints' own server does.
  fastify.addHook('preClose', async () => closing.abort());
  const addRoutes = async (server: FastifyInstance): Promise<void> => {
    await addHealth?.(server);
    await addEndpoints(server, given);
  };
  const listener = listenOnOwnPort(fastify, { port, setBy, addRoutes, logger: fastify.log });
  decorateOrigin(fastify, () => listener.origin);
  return listener;
}
