/** Hands every request that has ended to the service that logs it; scrapes of the metrics are left out. */
import type { FastifyRequest } from 'fastify';
import type { ExtensionFactory } from 'tsukimi';
import { RequestLog } from './request-log.js';

/** What nginx logs for a client that left. */
const CLIENT_LEFT = 499;

export const logRequests: ExtensionFactory = () => ({
  name: 'log-requests',
  server(fastify, context) {
    const started = new WeakMap<FastifyRequest, number>();
    const metricsPath = String(context.configuration.get('metrics.path') ?? '/metrics');

    function log(request: FastifyRequest, status: number): void {
      const startMs = started.get(request);
      // An aborted request may end twice.
      if (startMs === undefined || !started.delete(request)) return;
      const route = request.routeOptions.url ?? '<unmatched>';
      if (route === metricsPath || route.startsWith(`${metricsPath}/`)) return;
      const durationMs = performance.now() - startMs;
      context.resolve(RequestLog).record({ at: new Date(), method: request.method, route, status, durationMs });
    }

    fastify.addHook('onRequest', async (request) => void started.set(request, performance.now()));
    fastify.addHook('onResponse', async (request, reply) => log(request, reply.statusCode));
    fastify.addHook('onRequestAbort', async (request) => log(request, CLIENT_LEFT));
  },
});
