/** Which of the process's HTTP servers are counted, and by whom. */
import type { EventEmitter } from 'node:events';
// Not the global: a test's fake timers would keep it.
import { setImmediate } from 'node:timers';
import type { FastifyInstance } from 'fastify';
import { requestListenersOf } from '../private-api/fastify.js';
import type { HttpAccounting } from './accounting.js';

const SERVERS = Symbol('tsukimi.servers');

/** A server, or the function that it hands its requests to. */
interface Accounted {
  readonly [SERVERS]?: FastifyServers;
}

const NONE: readonly HttpAccounting[] = [];

/** Servers that are nobody's business. Nothing is left on them: they are not ours. */
let strangers = new WeakSet<object>();

/** When nothing is counted any more, it need not be known who was not. */
export function forgetStrangers(): void {
  strangers = new WeakSet();
}

/** The servers of one Fastify: its own, and those that it opens beside, one for each address. */
class FastifyServers {
  readonly accountings: HttpAccounting[] = [];
  readonly #marked = new Set<object>();
  /** Those that listen, or have connections still. */
  readonly #open = new Set<object>();
  readonly #ends: (() => void)[] = [];
  #isClosed = false;

  /** The accountings are asked for from now on, until the Fastify and all its servers have closed; then `ended` is called. */
  add({ server, routing }: FastifyInstance, accounting: HttpAccounting, ended: () => void): void {
    this.accountings.push(accounting);
    this.#ends.push(ended);
    this.#mark(routing);
    if (this.#marked.has(server)) return;
    this.#mark(server);
    if (server.listening) this.#watch(server);
    else server.once('listening', () => this.#watch(server));
  }

  /** Another server of the same Fastify, known by the first request that it got. */
  addOpen(server: EventEmitter): void {
    this.#mark(server);
    this.#watch(server);
  }

  /** Requests may still be answered: by servers that Fastify does not wait for. */
  close(): void {
    this.#isClosed = true;
    this.#endIfOver();
  }

  #mark(target: object): void {
    this.#marked.add(target);
    Object.defineProperty(target, SERVERS, { value: this, configurable: true });
  }

  #watch(server: EventEmitter): void {
    this.#open.add(server);
    server.once('close', () => {
      this.#open.delete(server);
      this.#endIfOver();
    });
  }

  /** Not at once: Node goes on with the requests that it has read already, also on connections that are closed meanwhile. */
  #endIfOver(): void {
    if (this.#isOver) setImmediate(() => this.#endIfStillOver());
  }

  get #isOver(): boolean {
    return this.#isClosed && this.#open.size === 0;
  }

  #endIfStillOver(): void {
    if (!this.#isOver) return;
    for (const target of this.#marked) Reflect.deleteProperty(target, SERVERS);
    this.#marked.clear();
    for (const ended of this.#ends.splice(0)) ended();
  }
}

/**
 * Has every request counted that this Fastify's server gets, and those of the servers that it opens beside.
 * @param ended called when all of them have closed
 */
export function accountFor(fastify: FastifyInstance, accounting: HttpAccounting, ended: () => void): void {
  const known = (fastify.routing as Accounted)[SERVERS];
  const servers = known ?? new FastifyServers();
  servers.add(fastify, accounting, ended);
  if (known === undefined) fastify.addHook('onClose', async () => servers.close());
}

/** The accountings of the server that a request came to; empty for one that is nobody's business. */
export function accountingsOf(server: object): readonly HttpAccounting[] {
  return (server as Accounted)[SERVERS]?.accountings ?? recognise(server as EventEmitter);
}

function recognise(server: EventEmitter): readonly HttpAccounting[] {
  if (strangers.has(server)) return NONE;
  // Every server of one Fastify hands its requests to the same function: that is how those that it opens later are recognised.
  const listener = requestListenersOf(server).find((each) => (each as Accounted)[SERVERS] !== undefined);
  const servers = (listener as Accounted | undefined)?.[SERVERS];
  if (servers === undefined) strangers.add(server);
  else servers.addOpen(server);
  return servers?.accountings ?? NONE;
}
