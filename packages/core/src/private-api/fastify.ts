/**
 * All uses of Fastify's undocumented interface: the servers that it opens for further addresses of `localhost`.
 *
 * `test/private-api/fastify.test.ts` shows what broke if a release of Fastify changes it.
 */
import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';

// Not documented by Fastify: it keeps the servers under this symbol.
const BINDINGS = 'fastify.serverBindings';

/** Returns the servers besides `fastify.server`; none if it listens on one address only. */
export function secondaryServers(fastify: FastifyInstance): readonly Server[] {
  const key = Object.getOwnPropertySymbols(fastify).find(({ description }) => description === BINDINGS);
  const servers: unknown = key === undefined ? undefined : Reflect.get(fastify, key);
  return Array.isArray(servers) ? servers : [];
}
