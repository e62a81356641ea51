/** A server with what the demo has not: a value that is refused, a stream of events, an exporter, requests to others, and the metrics of workers and of a task in a fleet. */
import { CATALOGUE, httpInstrumentation, measureHttpClient } from '@tsukimi/instrumentation';
import { MetricsRegistry, startExporter } from '@tsukimi/metrics';
import { type FastifyInstance, fastify } from 'fastify';
import { freePort } from './free-port.js';

/**
 * A Fastify server, measured, with one refused value, a counter that was to go down, a stream at `/events`, and an exporter whose pushes are confirmed. At
 * `/calls` it sends two requests itself, one that is answered and one that is refused. It listens on the loopback.
 */
export async function serveRefusedValues(): Promise<FastifyInstance> {
  const registry = new MetricsRegistry({ onError: () => undefined });
  registry.counter({ name: 'refused_total', help: 'Only goes up.' }).inc(-1);
  addWorkers(registry);
  addLease(registry);
  const server = fastify();
  await server.register(httpInstrumentation, { registry });
  const exporter = startExporter(
    { name: 'nowhere', target: 'nowhere', read: () => [], send: async () => {} },
    { registry, intervalMs: 500 },
  );
  const calls = measureHttpClient(registry, { hosts: ['127.0.0.1'] });
  const closedPort = await freePort();
  server.addHook('onClose', async () => {
    calls.stop();
    await exporter.stop();
  });
  server.get('/calls', async () => {
    await (await fetch(new URL('/events', server.listeningOrigin))).text();
    await fetch(`http://127.0.0.1:${closedPort}`).catch(() => undefined);
    return {};
  });
  server.get('/events', (_request, reply) => {
    reply.hijack();
    reply.raw.writeHead(200, { 'content-type': 'text/event-stream' });
    reply.raw.end('data: new moon\n\n');
  });
  await server.listen({ host: '127.0.0.1', port: 0 });
  return server;
}

/** Of a task that runs once in a fleet, in the instance that holds its lease. */
function addLease(registry: MetricsRegistry): void {
  const { tasksSkipped, taskLeaseHeld, taskLeaseAge } = CATALOGUE;
  const labels = { task: 'Reports.send' };
  registry.counter(tasksSkipped).inc(labels, 0);
  registry.gauge(taskLeaseHeld).set(labels, 1);
  registry.gauge(taskLeaseAge).set(labels, 60);
}

/** As the primary of two workers has them, which have nothing to do. */
function addWorkers(registry: MetricsRegistry): void {
  const { workerUp, workerRestarts, workerRequests, workerEventLoopLag, workerSnapshotAge } = CATALOGUE;
  registry.counter(workerRestarts);
  for (const worker of ['1', '2']) {
    registry.gauge(workerUp).set({ worker }, 1);
    registry.counter(workerRequests).inc({ worker }, 0);
    registry.gauge({ ...workerEventLoopLag, labelNames: ['worker'] }).set({ worker }, 0);
    registry.gauge(workerSnapshotAge).set({ worker }, 0);
  }
}
