/** The endpoints that answer probes. */
import type { FastifyInstance, FastifyReply, FastifyRequest, FastifySchema, HTTPMethods, RouteOptions } from 'fastify';
import { healthPathTaken } from './errors.js';
import type { HealthCheckResult, HealthDetails, HealthProbe, HealthReport } from './health.js';

// Hides the endpoints from API descriptions by @fastify/swagger.
const HIDDEN = { hide: true } as FastifySchema;
const OURS = Symbol('tsukimi.health');
// Probes are no requests of users: `metrics: false` leaves a route out of HTTP metrics, where there are any.
const CONFIG = { [OURS]: true, metrics: false } as Record<never, never>;
const PROBES = ['live', 'ready', 'startup'] as const satisfies readonly HealthProbe[];

/** What the endpoints need. */
export interface HealthRoutes {
  readonly paths: Readonly<Record<HealthProbe, string>>;
  readonly report: (probe: HealthProbe) => Promise<HealthReport>;
  readonly detailsFor: (request: FastifyRequest) => HealthDetails;
}

/**
 * Adds the endpoints, in a context of their own. Call it before hooks are added, so that none of them, such as authentication, can answer probes: a probe
 * is answered in the first `onRequest` hook.
 */
export async function addHealthRoutes(fastify: FastifyInstance, { paths, report, detailsFor }: HealthRoutes): Promise<void> {
  refuseRoutes(fastify, paths);
  for (const probe of PROBES) {
    await fastify.register(async (scope) => {
      const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
        const { status, checks } = await report(probe);
        const details = detailsFor(request);
        const shown = details === 'none' ? {} : { checks: details === 'messages' ? checks : withoutMessages(checks) };
        return reply
          .code(status === 'up' ? 200 : 503)
          .header('cache-control', 'no-store')
          .send({ status, ...shown });
      };
      scope.addHook('onRequest', answer);
      scope.get(paths[probe], { schema: HIDDEN, logLevel: 'warn', config: CONFIG }, answer);
    });
  }
}

function withoutMessages(checks: HealthReport['checks']): Record<string, HealthCheckResult> {
  return Object.fromEntries(Object.entries(checks).map(([name, result]) => [name, { ...result, message: null }]));
}

/** Rejects routes of the application at the path of an endpoint, which would respond to probes instead. */
function refuseRoutes(fastify: FastifyInstance, paths: HealthRoutes['paths']): void {
  const keyOf = (url: string) => PROBES.find((probe) => `${fastify.prefix}${paths[probe]}` === url);
  for (const probe of PROBES) {
    const url = `${fastify.prefix}${paths[probe]}`;
    const method = fastify.supportedMethods.find((each) => fastify.hasRoute({ method: each as HTTPMethods, url }));
    if (method !== undefined) throw healthPathTaken({ key: `health.${probe}_path`, path: url, method });
  }
  fastify.addHook('onRoute', ({ url, method, config }: RouteOptions) => {
    const probe = keyOf(url);
    if (probe === undefined || (config as { readonly [OURS]?: true } | undefined)?.[OURS] === true) return;
    throw healthPathTaken({ key: `health.${probe}_path`, path: url, method: String(method) });
  });
}
