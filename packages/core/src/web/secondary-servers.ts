/** The servers that Fastify opens for the further addresses of `localhost`: it names them nowhere. */
import type { Server } from 'node:http';
import type { FastifyInstance } from 'fastify';

// Not part of Fastify's documented interface: it keeps them under this symbol.
const BINDINGS = 'fastify.serverBindings';

/** Those that listen beside `fastify.server`; none where it listens on one address only. */
export function secondaryServers(fastify: FastifyInstance): readonly Server[] {
  const key = Object.getOwnPropertySymbols(fastify).find(({ description }) => description === BINDINGS);
  const servers: unknown = key === undefined ? undefined : Reflect.get(fastify, key);
  return Array.isArray(servers) ? servers : [];
}
