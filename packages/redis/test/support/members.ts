/** Members of a fleet: plain Fastify servers in one process, each with its own registry. */
import { httpInstrumentation, instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { type SharedMetrics, type SharedMetricsOptions, shareMetrics } from '@tsukimi/redis';
import { type FastifyInstance, fastify } from 'fastify';
import { onTestFinished } from 'vitest';

export class Greeter {
  greet(name: string): string {
    if (name === 'nobody') throw new Error('There is nobody to greet.');
    return `Hello, ${name}!`;
  }
}

export interface Member {
  readonly server: FastifyInstance;
  readonly registry: MetricsRegistry;
  readonly shared: SharedMetrics;
  /** Sends requests to a path, and reads the responses. */
  get(path: string, times?: number): Promise<void>;
  /** The JSON, or the text, of the fleet or of the member alone. */
  metrics(path: string): Promise<unknown>;
}

/** Starts a member. It pushes when the test says so. */
export async function startMember(options: SharedMetricsOptions): Promise<Member> {
  const registry = new MetricsRegistry();
  const server = fastify();
  await server.register(httpInstrumentation, { registry });
  const greeter = instrument(new Greeter(), { registry });
  server.get<{ Params: { name: string } }>('/greet/:name', async ({ params }) => greeter.greet(params.name));
  server.get('/files/{id}', async () => 'file');
  const shared = shareMetrics(registry, { intervalMs: 1_000_000, ...options });
  const origin = await server.listen({ host: '127.0.0.1', port: 0 });
  onTestFinished(async () => {
    await shared.stop({ timeoutMs: 1000 });
    await server.close();
  });
  return {
    server,
    registry,
    shared,
    async get(path, times = 1) {
      for (let time = 0; time < times; time += 1) await (await fetch(`${origin}${path}`)).text();
    },
    async metrics(path) {
      const response = await fetch(`${origin}${path}`);
      const text = await response.text();
      return response.headers.get('content-type')?.startsWith('application/json') ? JSON.parse(text) : text;
    },
  };
}
