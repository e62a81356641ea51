/** A member of a fleet as a program of its own: `node member.mjs <url> <prefix>`. Prints its port; SIGTERM stops it. */
import { httpInstrumentation } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { shareMetrics } from '@tsukimi/redis';
import { fastify } from 'fastify';

const [url, prefix, intervalMs] = process.argv.slice(2);
const registry = new MetricsRegistry();
const server = fastify({ forceCloseConnections: true });
await server.register(httpInstrumentation, { registry });
server.get('/work', async () => 'done');
const shared = shareMetrics(registry, {
  url,
  prefix,
  intervalMs: Number(intervalMs),
  timeoutMs: 5_000,
  retryDelayMs: 50,
  maxRetryDelayMs: 200,
  flushTimeoutMs: 10_000,
  logger: { info: () => {}, warn: (_, message) => console.error(message) },
});
process.once('SIGTERM', async () => {
  await server.close();
  console.log(`flushed ${await shared.stop()}`);
});
console.log(`port ${new URL(await server.listen({ host: '127.0.0.1', port: 0 })).port}`);
