/** Maps the process's HTTP servers to the accountings that count them. */
import type { EventEmitter } from 'node:events';
// Not the global, which a test's fake timers would hold back.
import { setImmediate } from 'node:timers';
import type { FastifyInstance } from 'fastify';
import { requestListenersOf } from '../private-api/fastify.js';
import type { HttpAccounting } from './accounting.js';

const SERVERS = Symbol('tsukimi.servers');

/** A server, or its request listener. */
interface Accounted {
  readonly [SERVERS]?: FastifyServers;
}

const NONE: readonly HttpAccounting[] = [];

/** Servers that are not counted. They are not ours, so nothing is stored on them. */
let strangers = new WeakSet<object>();

/** Forgets the servers that are not counted, when nothing is counted any more. */
export function forgetStrangers(): void {
  strangers = new WeakSet();
}

/** The servers of one Fastify instance: its own, and those that it opens for further addresses. */
class FastifyServers {
  readonly accountings: HttpAccounting[] = [];
  readonly #marked = new Set<object>();
  /** The servers that listen or still have connections. */
  readonly #open = new Set<object>();
  readonly #ends: (() => void)[] = [];
  #isClosed = false;

  /** Counts the servers from now on, until the Fastify instance and all its servers have closed. Then, `ended` is called. */
  add({ server, routing }: FastifyInstance, accounting: HttpAccounting, ended: () => void): void {
    this.accountings.push(accounting);
    this.#ends.push(ended);
    this.#mark(routing);
    if (this.#marked.has(server)) return;
    this.#mark(server);
    if (server.listening) this.#watch(server);
    else server.once('listening', () => this.#watch(server));
  }

  /** Adds another server of the same Fastify instance, which is recognized by its first request. */
  addOpen(server: EventEmitter): void {
    this.#mark(server);
    this.#watch(server);
  }

  /** Called when Fastify has closed. Servers that Fastify does not wait for may still respond to requests. */
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

  /** Waits a little, because Node still processes requests that it has read already, also on closed connections. */
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
 * Counts all requests to a Fastify instance's server, and to the servers that it opens for further addresses.
 * @param ended called when all of them have closed
 */
export function accountFor(fastify: FastifyInstance, accounting: HttpAccounting, ended: () => void): void {
  const known = (fastify.routing as Accounted)[SERVERS];
  const servers = known ?? new FastifyServers();
  servers.add(fastify, accounting, ended);
  if (known === undefined) fastify.addHook('onClose', async () => servers.close());
}

/** Returns the accountings of the server of a request; empty if the server is not counted. */
export function accountingsOf(server: object): readonly HttpAccounting[] {
  return (server as Accounted)[SERVERS]?.accountings ?? recognise(server as EventEmitter);
}

function recognise(server: EventEmitter): readonly HttpAccounting[] {
  if (strangers.has(server)) return NONE;
  // All servers of one Fastify instance have the same request listener, which identifies those that it opens later.
  const listener = requestListenersOf(server).find((each) => (each as Accounted)[SERVERS] !== undefined);
  const servers = (listener as Accounted | undefined)?.[SERVERS];
  if (servers === undefined) strangers.add(server);
  else servers.addOpen(server);
  return servers?.accountings ?? NONE;
}
