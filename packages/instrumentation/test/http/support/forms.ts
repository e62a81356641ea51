/** Both forms in which a server is counted: scenarios are written once, as Fastify routes, and run against each. */

import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, type FastifyServerOptions, fastify } from 'fastify';
import { onTestFinished } from 'vitest';
import { instrumentedApplication, listen } from '../../support/start.js';

/** Adds the routes of a scenario. */
export type Routes = (fastify: FastifyInstance) => unknown;

/** A server that listens and is counted. */
export interface CountedServer {
  readonly fastify: FastifyInstance;
  readonly port: number;
  readonly registry: MetricsRegistry;
  close(): Promise<void>;
}

export interface Form {
  readonly form: string;
  start(routes: Routes): Promise<CountedServer>;
}

/** A plain Fastify server with the plugin, listening on the loopback until the test is over. */
export async function startPlugin(routes: Routes, options: FastifyServerOptions = {}): Promise<CountedServer> {
  const app = fastify(options) as FastifyInstance;
  const registry = new MetricsRegistry();
  await app.register(httpInstrumentation, { registry, processMetrics: false });
  return await listening(app, routes, registry);
}

/** Adds the routes to a server and lets it listen. */
export async function listening(app: FastifyInstance, routes: Routes, registry: MetricsRegistry): Promise<CountedServer> {
  onTestFinished(() => app.close());
  await routes(app);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { readonly port: number };
  return { fastify: app, port, registry, close: () => app.close() };
}

async function startApplication(routes: Routes): Promise<CountedServer> {
  const extension = {
    name: 'scenario',
    server: async (server: FastifyInstance) => {
      await routes(server);
    },
  };
  const { app, port } = await listen(instrumentedApplication([], { extensions: [() => extension] }));
  return { fastify: app.fastify, port, registry: app.resolve(MetricsRegistry), close: () => app.close() };
}

/** For `describe.each`. */
export const FORMS: readonly Form[] = [
  { form: 'the plugin on plain Fastify', start: startPlugin },
  { form: 'an @Instrumented application', start: startApplication },
];
