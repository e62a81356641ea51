/** The endpoints: `/metrics` for people and scrapers, `/metrics/prometheus` for scrapers. */
import { loggableThrown } from '@tsukimi/core';
import type { FastifyBaseLogger, FastifyInstance, FastifySchema, HTTPMethods, RouteOptions } from 'fastify';
import { UNRECORDED } from '../http/hooks.js';
import { type Access, addAccessConstraint } from './access.js';
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
  readonly limits: ScrapeLimitOptions;
}

/** Adds both endpoints, in a separate context, so that hooks that the application adds later do not apply to them. */
export async function addEndpoints(fastify: FastifyInstance, { path, sources, access, limits }: EndpointOptions): Promise<void> {
  const paths = [path, `${path}/prometheus`].map((each) => `${fastify.prefix}${each}`);
  refuseRoutesAt(fastify, paths);
  const failed = collectReport(fastify.log);
  const constraints = access.allowed.isEmpty ? {} : addAccessConstraint(fastify, paths, access);
  const shared = { constraints, config: { [UNRECORDED]: true }, schema: HIDDEN, logLevel: 'warn' } as const;
  await fastify.register(async (scope) => {
    limitScrapes(scope, limits);
    addCompression(scope);
    endConnectionsWhileClosing(scope);
    scope.addHook('onRequest', async (_request, reply) => void reply.header('vary', 'accept, accept-encoding'));
    const answers = new ScopedAnswers({ registry: sources.registry, logger: fastify.log, ownView: () => metricsView(sources, failed) });
    scope.get(path, shared, ({ raw }, reply) => answers.send(reply, preferredOf(['json', 'prometheus', 'openmetrics', 'protobuf'], raw)));
    scope.get(`${path}/prometheus`, shared, ({ raw }, reply) =>
      answers.send(reply, preferredOf(['prometheus', 'openmetrics', 'protobuf'], raw)),
    );
  });
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
function refuseRoutesAt(fastify: FastifyInstance, paths: readonly string[]): void {
  for (const url of paths) {
    const method = fastify.supportedMethods.find((each) => fastify.hasRoute({ method: each as HTTPMethods, url }));
    if (method !== undefined) throw endpointTaken(url, method);
  }
  fastify.addHook('onRoute', ({ url, method, config }: RouteOptions) => {
    const isOurs = (config as { readonly [UNRECORDED]?: true } | undefined)?.[UNRECORDED] === true;
    if (!isOurs && paths.includes(url)) throw endpointTaken(url, String(method));
  });
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
