/** An instrumented program, called by another one: a Fastify server without the framework, whose stock is traced. */
import { httpInstrumentation, instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { startTracing } from '@tsukimi/opentelemetry';
import fastify from 'fastify';

class Stock {
  async count(id) {
    return Number(id) * 2;
  }
}

const registry = new MetricsRegistry();
const tracing = startTracing(registry, { endpoint: process.env.RECEIVER, service: 'stock', intervalMs: 20 });
const stock = instrument(new Stock(), { registry });
const server = fastify();
await server.register(httpInstrumentation, { registry, requestContext: { observers: [tracing] } });
server.get('/stock/:id', async ({ params }) => ({ count: await stock.count(params.id) }));
await server.listen({ port: 0, host: '127.0.0.1' });
process.stdout.write(`listening on ${server.server.address().port}\n`);
