/** Connects the accounting to a Fastify server. */
import type { ServerHttp2Stream } from 'node:http2';
import { Server as TlsServer } from 'node:tls';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { keepsErrors, noteFailedRequest } from '../last-errors.js';
import { addFirstHook, isWholeServer, printedRoutes } from '../private-api/fastify.js';
import { accountFor } from './accounted-servers.js';
import type { HttpAccounting, OpenRequest } from './accounting.js';
import { requestOf } from './connection.js';
import { listenToHttp1 } from './http1.js';
import { listenToHttp2, requestOfStream } from './http2.js';
import type { LeftOutRoutes } from './left-out-routes.js';
import { endLostConnections } from './lost-connections.js';
import { listenToClientErrors } from './malformed.js';
import { beginUnannounced } from './unannounced.js';

/** Marks a route whose requests are not recorded: the metrics endpoints' own. */
export const UNRECORDED = Symbol('tsukimi.unrecorded');

/**
 * Counts the requests of a Fastify server; in an encapsulated context, only the requests of that context.
 *
 * The server's events show when a request begins and how it ends. One hook, the first of all, finds its route.
 */
export function addAccountingHooks(fastify: FastifyInstance, accounting: HttpAccounting): void {
  if (isWholeServer(fastify)) {
    accountFor(fastify, accounting, listenToHttp1());
    listenToHttp2(fastify, accounting);
    endLostConnections(fastify);
    listenToClientErrors(fastify, accounting);
  }
  fastify.addHook('preClose', async () => accounting.resetStreams.destroy());
  fastify.addHook('onClose', async () => accounting.inFlight.close());
  addFirstHook(fastify, (request, reply, done) => {
    route(request, reply, accounting);
    done();
  });
  fastify.addHook('onError', async (request, reply, error) => {
    if (keepsErrors(accounting.registry)) noteOutcome(accounting, { request, reply, error });
  });
}

interface Thrown {
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly error: unknown;
}

/** Which status an error becomes, an error handler decides after this. */
function noteOutcome(accounting: HttpAccounting, { request, reply, error }: Thrown): void {
  const { config, url } = request.routeOptions;
  const series = isUnrecorded(config, request) ? null : accounting.routeFor(url, request.raw.method);
  if (series === null) return;
  const { raw } = reply;
  const ended = (): void => {
    raw.off('finish', ended).off('close', ended);
    if (raw.statusCode >= 500) noteFailedRequest(accounting.registry, { route: `${series.method} ${series.path}`, thrown: error });
  };
  raw.on('finish', ended).on('close', ended);
}

function route(request: FastifyRequest, reply: FastifyReply, accounting: HttpAccounting): void {
  const { config, url } = request.routeOptions;
  const announced = announcedRequest(reply, accounting);
  const series = isUnrecorded(config, request) ? null : accounting.routeFor(url, request.raw.method);
  if (series === null) {
    if (announced !== undefined) accounting.discard(announced);
    return;
  }
  const open = announced ?? beginUnannounced(request, reply, accounting);
  open.route = series;
  if (accounting.readsRequests) open.exchange = { request, reply };
}

function announcedRequest({ raw }: FastifyReply, accounting: HttpAccounting): OpenRequest | undefined {
  const { stream } = raw as { readonly stream?: ServerHttp2Stream };
  return stream === undefined ? requestOf(raw, accounting) : requestOfStream(stream, accounting);
}

/** Whether a request is not recorded because of its route: one of the metrics endpoints, or one with `config: { metrics: false }`. */
export function isOfUnrecordedRoute(request: FastifyRequest): boolean {
  return isUnrecorded(request.routeOptions.config ?? {}, request);
}

function isUnrecorded(config: unknown, request: FastifyRequest): boolean {
  const { metrics, [UNRECORDED]: isOurs } = config as { readonly metrics?: unknown; readonly [UNRECORDED]?: true };
  return metrics === false || isOurs === true || (request.raw as { readonly [UNRECORDED]?: true })[UNRECORDED] === true;
}

/** Warns about patterns that match no route, when all routes are registered. `patterns` is passed to the accounting too. */
export function warnOfUnmatched(fastify: FastifyInstance, patterns: LeftOutRoutes): void {
  const see = (methods: readonly string[], path: string): void => {
    for (const method of methods) patterns.has(method, path);
  };
  for (const { methods, path } of printedRoutes(fastify)) see(methods, path);
  fastify.addHook('onRoute', ({ method, url }) => see([method].flat(), url));
  fastify.addHook('onReady', async () => {
    for (const warning of patterns.warnings) fastify.log.warn(warning);
  });
}

/** What a server speaks, which is known when it is created. */
export function schemeOf({ server }: FastifyInstance): 'http' | 'https' {
  return server instanceof TlsServer ? 'https' : 'http';
}
