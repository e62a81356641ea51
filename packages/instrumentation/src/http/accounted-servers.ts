/** Which of the process's HTTP servers are counted, and by whom. */
import type { FastifyInstance } from 'fastify';
import type { HttpAccounting } from './accounting.js';

const ACCOUNTINGS = Symbol('tsukimi.accountings');

/** A server, or a listener that serves requests. */
interface Accounted {
  readonly [ACCOUNTINGS]?: readonly HttpAccounting[];
}

interface RequestServer extends Accounted {
  listeners(event: 'request'): readonly unknown[];
}

const NONE: readonly HttpAccounting[] = [];

/** Has every request counted that this Fastify's server gets, and those of the servers that it opens beside, one for each address. */
export function accountFor({ server, routing }: FastifyInstance, accounting: HttpAccounting): void {
  // Every server of one Fastify hands its requests to the same function: that is how those that it opens later are recognised.
  for (const each of [server, routing] as readonly Accounted[]) mark(each, [...(each[ACCOUNTINGS] ?? NONE), accounting]);
}

/** The accountings of the server that a request came to; empty for one that is nobody's business. */
export function accountingsOf(server: object): readonly HttpAccounting[] {
  return (server as Accounted)[ACCOUNTINGS] ?? recognise(server as RequestServer);
}

function recognise(server: RequestServer): readonly HttpAccounting[] {
  const served = server.listeners('request').find((listener) => (listener as Accounted)[ACCOUNTINGS] !== undefined);
  const accountings = (served as Accounted | undefined)?.[ACCOUNTINGS] ?? NONE;
  mark(server, accountings);
  return accountings;
}

function mark(target: Accounted, accountings: readonly HttpAccounting[]): void {
  Object.defineProperty(target, ACCOUNTINGS, { value: accountings, configurable: true });
}
