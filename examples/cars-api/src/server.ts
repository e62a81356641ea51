/** The server: what measures it is three lines, marked below. */
import fastify, { type FastifyInstance, type FastifyServerOptions } from 'fastify';
import { httpInstrumentation, instrument, MetricsRegistry } from 'tsukimi';
import { Garage } from './garage.js';
import { addRoutes } from './routes.js';

export interface CarsServerOptions {
  /** Port of the metrics; the API's own unless told. */
  readonly metricsPort?: number | undefined;
  readonly logger?: FastifyServerOptions['logger'];
}

export async function createCarsServer({ metricsPort, logger = false }: CarsServerOptions = {}): Promise<FastifyInstance> {
  const server = fastify({ logger });

  // 1. Every request is counted, and the metrics are served: on the API's port, or on one of their own.
  const registry = new MetricsRegistry();
  await server.register(httpInstrumentation, { registry, port: metricsPort ?? null, allowedIps: ['loopback'] });
  // 2. Every call of the garage is counted and timed.
  const garage = instrument(new Garage(), { registry });
  // 3. And one thing is counted by hand.
  const carsAdded = registry.counter({ name: 'cars_added_total', help: 'Cars that were added, by decade.', labelNames: ['decade'] });

  addRoutes(server, { garage, carsAdded });
  return server;
}
