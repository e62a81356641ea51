/** Measures an app from outside: counts the calls of each page in Redis, and shows them at `/calls`. */
import { shareMetrics } from '@tsukimi/redis';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { httpInstrumentation, MetricsRegistry } from 'tsukimi';

export interface MeasureOptions {
  /** `redis://localhost:6379` */
  readonly redisUrl: string;
  /** How often the counts of this process are added to those in Redis, in milliseconds. */
  readonly intervalMs?: number;
}

/** What the page says of an endpoint. */
export interface PageCalls {
  readonly endpoint: string;
  readonly calls: number;
  readonly last_called: string | null;
}

export async function measure(app: FastifyInstance, { redisUrl, intervalMs = 1000 }: MeasureOptions): Promise<void> {
  const registry = new MetricsRegistry();
  // Every request is counted, also to routes that the app has already.
  await app.register(httpInstrumentation, { registry });
  // The counts of all processes are added up in Redis.
  const shared = shareMetrics(registry, { url: redisUrl, intervalMs, logger: app.log });
  app.addHook('onClose', async () => void (await shared.stop()));

  app.get('/calls', async (request, reply): Promise<PageCalls[] | FastifyReply> => {
    // Not to be up to an interval late with what this process has counted itself.
    await shared.flush();
    try {
      const { endpoints } = await shared.fleetView();
      return Object.entries(endpoints).map(([endpoint, { calls, last_called }]) => ({ endpoint, calls, last_called }));
    } catch (error) {
      // Its message has the address of Redis, which is for the log.
      request.log.warn(error);
      return reply.code(503).send({ error: 'The calls can not be read at the moment.' });
    }
  });
}
