/** Access control of the endpoints. For clients that are not allowed, their routes do not exist. */
import type { IncomingMessage } from 'node:http';
import type { AddressRanges } from '@tsukimi/core';
import type { FastifyBaseLogger, FastifyInstance } from 'fastify';
import { UNRECORDED } from '../http/hooks.js';
import { clientAddress } from './client-address.js';

export interface Access {
  readonly allowed: AddressRanges;
  readonly trustedProxies: AddressRanges;
  readonly denied: { inc(): void };
  readonly logger: FastifyBaseLogger;
}

const ALLOWED = 'allowed';

/**
 * Lets the router decide: a route with the returned constraint matches allowed clients only. Requests of other clients are handled like any unknown
 * path, by the same hooks and the same handler, so the responses can't differ, for any method.
 */
export function addAccessConstraint(fastify: FastifyInstance, isOurs: (path: string) => boolean, access: Access): Record<string, string> {
  const name = uniqueName(fastify);
  fastify.addConstraintStrategy({
    name,
    storage: () => {
      const handlers = new Map<unknown, never>();
      return { get: (key) => handlers.get(key) ?? null, set: (key, handler) => void handlers.set(key, handler as never) };
    },
    validate: () => {},
    // Called for every request of the server. For other paths, it only compares a few strings.
    deriveConstraint: (request) => (isOurs(pathOf(request)) ? decide(request as unknown as IncomingMessage, access) : undefined),
    mustMatchWhenDerived: false,
  } as Parameters<FastifyInstance['addConstraintStrategy']>[0]);
  return { [name]: ALLOWED };
}

function decide(request: IncomingMessage, { allowed, trustedProxies, denied, logger }: Access): string | undefined {
  const address = clientAddress(request, trustedProxies);
  if (allowed.has(address)) return ALLOWED;
  denied.inc();
  (request as { [UNRECORDED]?: true })[UNRECORDED] = true;
  const { method, socket } = request;
  logger.warn({ address, peer: socket.remoteAddress, method, path: pathOf(request) }, 'metrics access denied');
  return undefined;
}

// Only the path as configured belongs to the endpoints. If the router accepts another spelling of the path, the constraint is not
// derived, so the route does not match for any client.
function pathOf(request: { readonly url?: string | undefined }): string {
  const url = request.url ?? '';
  const query = url.indexOf('?');
  const path = query === -1 ? url : url.slice(0, query);
  return path.startsWith('/') ? path : path.replace(/^https?:\/\/[^/]*/i, '');
}

function uniqueName(fastify: FastifyInstance): string {
  let name = 'metricsClient';
  for (let count = 2; fastify.hasConstraintStrategy(name); count += 1) name = `metricsClient${count}`;
  return name;
}
