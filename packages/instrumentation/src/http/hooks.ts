/** Ties the accounting to a Fastify server. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { HttpAccounting, OpenRequest } from './accounting.js';

/** Marks a route whose requests are not recorded: the metrics endpoints' own. */
export const UNRECORDED = Symbol('tsukimi.unrecorded');

const OPEN_REQUEST = Symbol('tsukimi.request');

interface Accounted {
  [OPEN_REQUEST]?: OpenRequest | null;
}

/** Adds the hooks that begin and end every request. They come first, so that no other hook's early answer is missed. */
export function addAccountingHooks(fastify: FastifyInstance, accounting: HttpAccounting): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    const { config } = request.routeOptions;
    if (!isUnrecorded(config, request)) begin(request, reply, accounting);
    done();
  });
  fastify.addHook('onResponse', (request, reply, done) => {
    const open = (reply.raw as Accounted)[OPEN_REQUEST];
    if (open != null) accounting.finish(open, reply.raw.statusCode);
    else if (!isUnrecorded(request.routeOptions.config, request)) countUnbegun(request, reply, accounting);
    done();
  });
}

function begin(request: FastifyRequest, reply: FastifyReply, accounting: HttpAccounting): void {
  const open = accounting.begin(accounting.routeFor(request.routeOptions.url, request.raw.method ?? 'UNKNOWN'));
  const response = reply.raw as typeof reply.raw & Accounted;
  response[OPEN_REQUEST] = open;
  // A response is closed once, whatever became of it: finished, aborted by its client, cut off halfway, hijacked.
  response.once('close', () => accounting.abort(open));
}

/** A request that a hook of somebody else's answered before ours began it. */
function countUnbegun(request: FastifyRequest, reply: FastifyReply, accounting: HttpAccounting): void {
  const route = accounting.routeFor(request.routeOptions.url, request.raw.method ?? 'UNKNOWN');
  route.record(reply.raw.statusCode, reply.elapsedTime / 1000);
}

function isUnrecorded(config: unknown, request: FastifyRequest): boolean {
  return (
    (config as { readonly [UNRECORDED]?: true })[UNRECORDED] === true ||
    (request.raw as { readonly [UNRECORDED]?: true })[UNRECORDED] === true
  );
}
