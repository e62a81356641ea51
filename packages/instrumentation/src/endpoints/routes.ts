/** The endpoints: `/metrics` for people and scrapers, `/metrics/prometheus` for scrapers. */
import { Readable } from 'node:stream';
import type { FastifyBaseLogger, FastifyInstance, FastifyReply, FastifySchema, HTTPMethods, RouteOptions } from 'fastify';
import { endpointTaken } from '../errors.js';
import { UNRECORDED } from '../http/hooks.js';
import { type Access, addAccessConstraint } from './access.js';
import type { CollectFailed } from './json/custom-view.js';
import { type MetricsSources, metricsView } from './json/metrics-view.js';
import { preferredRepresentation } from './negotiation.js';

const TEXT_CONTENT_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

// Kept out of API descriptions: a client that may not read the endpoints would learn of them there. @fastify/swagger reads it.
const HIDDEN = { hide: true } as FastifySchema;

export interface EndpointOptions {
  /** Path of the JSON endpoint; `/prometheus` is appended for the text. */
  readonly path: string;
  readonly sources: MetricsSources;
  readonly access: Access;
}

/** Adds both endpoints, in a context of their own: hooks that the application adds later do not touch them. */
export async function addEndpoints(fastify: FastifyInstance, { path, sources, access }: EndpointOptions): Promise<void> {
  const paths = [path, `${path}/prometheus`].map((each) => `${fastify.prefix}${each}`);
  refuseRoutesAt(fastify, paths);
  const failed = collectReport(fastify.log);
  const constraints = access.allowed.isEmpty ? {} : addAccessConstraint(fastify, paths, access);
  const shared = { constraints, config: { [UNRECORDED]: true }, schema: HIDDEN, logLevel: 'warn' } as const;
  await fastify.register(async (scope) => {
    scope.get(path, shared, (request, reply) => {
      void reply.header('vary', 'accept');
      return preferredRepresentation(request.raw) === 'text' ? sendText(reply, sources) : metricsView(sources, failed);
    });
    scope.get(`${path}/prometheus`, shared, (_request, reply) => sendText(reply, sources));
  });
}

function sendText(reply: FastifyReply, { registry }: MetricsSources): FastifyReply {
  return reply.header('content-type', TEXT_CONTENT_TYPE).send(Readable.from(registry.exposeStream()));
}

/** Each metric's failure once: the page may be looked at every second. */
function collectReport(logger: FastifyBaseLogger): CollectFailed {
  const reported = new Set<string>();
  return (metric, error) => {
    if (reported.has(metric)) return;
    reported.add(metric);
    logger.error({ err: error }, `${metric} is missing from the metrics as JSON: its collect function failed. Mend that function.`);
  };
}

/** A route of the application at an endpoint's path would answer some clients in its place. */
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
