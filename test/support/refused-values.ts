/** A server that records what is refused, so that there is a count of it. */
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';

/** A Fastify server, measured, with one refused value: a counter that was to go down. It listens on the loopback. */
export async function serveRefusedValues(): Promise<FastifyInstance> {
  const registry = new MetricsRegistry({ onError: () => undefined });
  registry.counter({ name: 'refused_total', help: 'Only goes up.' }).inc(-1);
  const server = fastify();
  await server.register(httpInstrumentation, { registry });
  await server.listen({ host: '127.0.0.1', port: 0 });
  return server;
}
