/** The endpoints: `/metrics` for people and scrapers, `/metrics/prometheus` for scrapers, and those that others add below. */
import { loggableThrown } from '@tsukimi/core';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifySchema, HTTPMethods, RouteOptions } from 'fastify';
import { UNRECORDED } from '../http/hooks.js';
import { printedRoutes } from '../private-api/fastify.js';
import { type Access, addAccessConstraint } from './access.js';
import { type EndpointHost, hostEndpoints, isUnder, type MetricsEndpoint } from './added-endpoints.js';
import { type AllowedHosts, refusalOf } from './browser-guard.js';
import { clientAddress } from './client-address.js';
import { addCompression } from './compression.js';
import { endpointTaken } from './errors.js';
import type { CollectFailed } from './json/custom-view.js';
import { type MetricsSources, metricsView } from './json/metrics-view.js';
import { preferredOf } from './negotiation.js';
import { ScopedAnswers } from './scoped-answers.js';
import { limitScrapes, type ScrapeLimitOptions } from './scrape-limit.js';

// Hides the endpoints from API descriptions by @fastify/swagger, where clients that are not allowed could see them.
const HIDDEN = { hide: true } as FastifySchema;

export interface EndpointOptions {
  /** Path of the JSON endpoint; `/prometheus` is appended for the text. */
  readonly path: string;
  readonly sources: MetricsSources;
  readonly access: Access;
  /** By which names browsers may address what is not for scrapers. */
  readonly hosts: AllowedHosts;
  readonly limits: ScrapeLimitOptions;
  /** Aborted when the server begins to close. */
  readonly closing: AbortController;
  /** Endpoints of this server alone, beside those of the registry. */
  readonly endpoints?: readonly MetricsEndpoint[];
  /** What answers instead, if the metrics are those of several processes. */
  readonly whole?: WholeAnswers | undefined;
}

/** Answers for all processes of an application. */
export interface WholeAnswers {
  /** Answers a request to the path of the metrics, or below it, in another process. */
  readonly passOn?: ((reply: FastifyReply, below: '' | '/prometheus') => Promise<unknown>) | undefined;
  /** Brings the registry up to date, before it is read. */
  readonly refresh?: (() => Promise<void>) | undefined;
  /** The JSON. */
  readonly view?: ((failed: CollectFailed) => Promise<object>) | undefined;
}

/** Adds the endpoints, in contexts of their own, so that hooks that the application adds later do not apply to them. */
export async function addEndpoints(fastify: FastifyInstance, options: EndpointOptions): Promise<void> {
  const { path, sources, access, limits } = options;
  const paths = [path, `${path}/prometheus`].map((each) => `${fastify.prefix}${each}`);
  const further: string[] = [];
  const isOurs = (asked: string) => paths.includes(asked) || further.some((each) => isUnder(asked, each));
  refuseRoutes(fastify, paths, isOurs);
  const failed = collectReport(fastify.log);
  const constraints = access.allowed.isEmpty ? {} : addAccessConstraint(fastify, isOurs, access);
  const shared = { constraints, config: { [UNRECORDED]: true }, schema: HIDDEN, logLevel: 'warn' } as const;
  await fastify.register(async (scope) => {
    limitScrapes(scope, limits);
    addCompression(scope);
    endConnectionsWhileClosing(scope);
    scope.addHook('onRequest', async (_request, reply) => void reply.header('vary', 'accept, accept-encoding'));
    const { passOn, refresh, view = (onFailure: CollectFailed) => metricsView(sources, onFailure) } = options.whole ?? {};
    const answers = new ScopedAnswers({ registry: sources.registry, logger: fastify.log, ownView: () => view(failed), refresh });
    scope.get(path, shared, ({ raw }, reply) =>
      passOn === undefined ? answers.send(reply, preferredOf(['json', 'prometheus', 'openmetrics', 'protobuf'], raw)) : passOn(reply, ''),
    );
    scope.get(`${path}/prometheus`, shared, ({ raw }, reply) =>
      passOn === undefined
        ? answers.send(reply, preferredOf(['prometheus', 'openmetrics', 'protobuf'], raw))
        : passOn(reply, '/prometheus'),
    );
  });
  await fastify.register(async (scope) => {
    addCompression(scope);
    endConnectionsWhileClosing(scope);
    scope.addHook('preClose', async () => options.closing.abort());
    const host = endpointHost(scope, { ...options, shared, adding: (at) => further.push(at) });
    const forget = hostEndpoints(sources.registry, host);
    scope.addHook('onClose', async () => forget());
    for (const endpoint of options.endpoints ?? []) host.add(endpoint);
  });
}

interface HostOptions extends EndpointOptions {
  readonly shared: object;
  /** Called with the whole path of an endpoint before its routes are added. */
  adding(path: string): void;
}

/** Adds the routes of further endpoints to a context. */
function endpointHost(scope: FastifyInstance, { path, access, closing, hosts, shared, adding }: HostOptions): EndpointHost {
  let hasStarted = false;
  scope.addHook('onReady', async () => {
    hasStarted = true;
  });
  const add = ({ path: below, routes }: MetricsEndpoint): void => {
    const whole = `${scope.prefix}${path}${below}`;
    refuseRoutesUnder(scope, whole);
    adding(whole);
    for (const { path: inside, isPage = false, handle } of routes) {
      scope.route({
        ...shared,
        method: 'GET',
        url: `${path}${below}${inside}`,
        exposeHeadRoute: true,
        handler: (request, reply) => {
          const refusal = refusalOf(request.raw, { hosts, isPage: typeof isPage === 'function' ? isPage(request) : isPage });
          if (refusal !== undefined) return reply.code(403).type('text/plain; charset=utf-8').send(`${refusal.message}\n`);
          return handle(request, reply, {
            path: whole,
            closing: closing.signal,
            client: clientAddress(request.raw, access.trustedProxies),
          });
        },
      });
    }
  };
  return {
    get hasStarted() {
      return hasStarted;
    },
    add,
  };
}

/** Logs the failure of each metric once, because the page may be requested every second. */
function collectReport(logger: FastifyBaseLogger): CollectFailed {
  const reported = new Set<string>();
  return (metric, error) => {
    if (reported.has(metric)) return;
    reported.add(metric);
    logger.error(
      { err: loggableThrown(error) },
      `${metric} is missing from the metrics as JSON: its collect function failed. Fix that function.`,
    );
  };
}

/** Rejects routes of the application at an endpoint's path, which would respond to some clients instead. */
function refuseRoutes(fastify: FastifyInstance, paths: readonly string[], isOurs: (path: string) => boolean): void {
  for (const url of paths) {
    const method = fastify.supportedMethods.find((each) => fastify.hasRoute({ method: each as HTTPMethods, url }));
    if (method !== undefined) throw endpointTaken(url, method);
  }
  fastify.addHook('onRoute', ({ url, method, config }: RouteOptions) => {
    const isEndpoint = (config as { readonly [UNRECORDED]?: true } | undefined)?.[UNRECORDED] === true;
    if (!isEndpoint && isOurs(url)) throw endpointTaken(url, String(method));
  });
}

/** The same for what is there already at or below the path of an endpoint that others add. */
function refuseRoutesUnder(fastify: FastifyInstance, path: string): void {
  const taken = printedRoutes(fastify).find((route) => isUnder(route.path, path));
  if (taken !== undefined) throw endpointTaken(taken.path, String(taken.methods[0]));
}

/**
 * Closes the connections of responses that finish after the server has begun to close. Scrapers keep their connections open for the next scrape, and
 * the server would wait for their keep-alive timeout.
 */
export function endConnectionsWhileClosing(scope: FastifyInstance): void {
  let isClosing = false;
  scope.addHook('preClose', async () => {
    isClosing = true;
  });
  scope.addHook('onResponse', async ({ raw }) => {
    // HTTP/2 sessions are closed by Fastify.
    if (isClosing && raw.httpVersionMajor === 1) raw.socket.end();
  });
}
