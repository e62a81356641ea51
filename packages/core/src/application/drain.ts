/** Closes a server when its requests have ended, without waiting for idle connections. */
import { once } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { constants, type ServerHttp2Session } from 'node:http2';
import { Server as NetServer, type Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { Deadline } from './deadline.js';

const SWEEP_INTERVAL_MS = 25;
const TAKEOVERS = ['upgrade', 'connect'] as const;

/** Tracks the connections of a server, to close the idle ones during the drain. */
export class Connections {
  /** The main server, and the servers for further addresses. */
  readonly #servers: Server[] = [];
  readonly #closed: Promise<unknown>[] = [];
  readonly #open = new Set<Socket>();
  /** Connections that were upgraded from HTTP, for example to WebSockets. */
  readonly #upgraded = new Set<Socket>();
  /** TLS connections that have not sent a request yet. */
  readonly #unused = new Set<Socket>();
  /** HTTP/2 sessions. */
  readonly #sessions = new Set<ServerHttp2Session>();

  constructor(server: Server) {
    this.#watch(server);
  }

  /** Tracks another server, which the drain then waits for too. */
  add(server: Server): void {
    this.#watch(server);
    const [main] = this.#servers;
    if (main !== undefined) forwardUpgradesWhileHeard(main, server);
    this.#closed.push(once(server, 'close'));
  }

  /** Waits until the servers that were added have closed. */
  async addedClosed(): Promise<void> {
    await Promise.all(this.#closed);
  }

  #watch(server: Server): void {
    this.#servers.push(server);
    server.on('connection', (socket: Socket) => remember(socket, this.#open));
    server.on('secureConnection', (socket: Socket) => this.#rememberSecure(server, socket));
    server.on('session', (session: ServerHttp2Session) => {
      this.#sessions.add(session);
      session.once('close', () => this.#sessions.delete(session));
    });
    this.#watchUpgrades(server);
  }

  /** Ends each HTTP/1 connection with its next response, so that clients which keep connections open go to another instance. */
  closeAfterResponses(): void {
    const announce = (_request: IncomingMessage, response: ServerResponse): void => {
      if (response.req.httpVersionMajor === 1) response.setHeader('connection', 'close');
    };
    for (const server of this.#servers) server.prependListener('request', announce);
  }

  /**
   * Stops accepting connections, and asks clients to leave the ones that they keep open: by `Connection: close` with the next response, and by GOAWAY on
   * HTTP/2. Until `leftByClients`, requests on them are served.
   */
  stopAccepting(): void {
    this.closeAfterResponses();
    for (const session of this.#sessions) announceEnd(session);
    for (const server of this.#servers) {
      server.on('session', announceEnd);
      // The method of HTTP servers would close the connections that are idle now, on which the next request may be on its way.
      NetServer.prototype.close.call(server);
    }
  }

  /** Waits until clients have left their connections, except upgraded ones, at most for some time. */
  async leftByClients(hurry: Promise<void>, timeoutMs: number): Promise<void> {
    let sweep: NodeJS.Timeout | undefined;
    const left = new Promise<void>((resolve) => {
      sweep = setInterval(() => {
        if (this.#upgraded.size >= this.#open.size) resolve();
      }, SWEEP_INTERVAL_MS);
    });
    await new Deadline(timeoutMs).waitFor(Promise.race([left, hurry]));
    clearInterval(sweep);
  }

  get count(): number {
    return this.#open.size;
  }

  /**
   * Closes connections that wait for a next request, and those that have not sent one. When only upgraded connections are left,
   * closes those too, because no request on them can end.
   */
  closeUnused(): void {
    // A closing session accepts no new requests, and ends with its last one.
    for (const session of this.#sessions) if (!session.closed) session.close();
    // A server for HTTP/2 over clear text has only sessions, which bypass their sockets.
    if (typeof this.#servers[0]?.closeIdleConnections === 'function') {
      for (const server of this.#servers) server.closeIdleConnections();
      // Browsers open connections before they need them. Node counts them as idle only after headersTimeout.
      for (const socket of this.#open) if (socket.bytesRead === 0) socket.destroy();
    }
    for (const socket of this.#unused) socket.destroy();
    if (this.#upgraded.size >= this.#open.size) for (const socket of this.#upgraded) socket.destroySoon();
  }

  /** Closes every connection. */
  closeAll(): void {
    for (const session of this.#sessions) session.destroy();
    for (const socket of [...this.#upgraded, ...this.#open]) socket.destroy();
  }

  #rememberSecure(server: Server, socket: Socket & { readonly alpnProtocol?: unknown }): void {
    if (socket.alpnProtocol === 'h2') return;
    if (server.listenerCount('request', this.#onSecureRequest) === 0) server.prependListener('request', this.#onSecureRequest);
    remember(socket, this.#unused);
  }

  readonly #onSecureRequest = ({ socket }: { readonly socket: Socket }): void => {
    this.#unused.delete(socket);
  };

  // A listener on these events takes upgrade requests away from HTTP, so add one only if there is another listener already.
  #watchUpgrades(server: Server): void {
    const record = (_request: unknown, socket: Socket): void => {
      this.#unused.delete(socket);
      remember(socket, this.#upgraded);
    };
    for (const event of TAKEOVERS) {
      const others = (): number => server.listenerCount(event) - server.listenerCount(event, record);
      server.on('newListener', (added: string, listener: unknown) => {
        if (added === event && listener !== record && others() === 0) server.on(event, record);
      });
      server.on('removeListener', (removed: string, listener: unknown) => {
        if (removed === event && listener !== record && others() === 0) server.off(event, record);
      });
    }
  }
}

/**
 * Fastify forwards every upgrade request of a further address to the main server. If that has no listener for them, the client would wait
 * forever. Without the forwarding, Node.js treats it like any other request, as it does on the main server.
 */
function forwardUpgradesWhileHeard(main: Server, server: Server): void {
  const forwarding = server.listeners('upgrade') as ((...args: unknown[]) => void)[];
  const stop = (): void => {
    for (const listener of forwarding) server.off('upgrade', listener);
  };
  if (main.listenerCount('upgrade') === 0) stop();
  main.on('newListener', (event: string) => {
    if (event !== 'upgrade') return;
    stop();
    for (const listener of forwarding) server.on('upgrade', listener);
  });
  main.on('removeListener', (event: string) => {
    if (event === 'upgrade' && main.listenerCount('upgrade') === 0) stop();
  });
}

/** Stops listening, lets running requests finish, and closes each connection as soon as it has none. */
export async function drain(fastify: FastifyInstance, connections: Connections): Promise<void> {
  // Otherwise, a connection whose request ends after the server began to close stays open for its keep-alive time.
  const sweep = setInterval(() => connections.closeUnused(), SWEEP_INTERVAL_MS).unref();
  try {
    await fastify.close();
    await connections.addedClosed();
  } finally {
    clearInterval(sweep);
  }
}

// The largest id of a stream says that no request is refused yet, as RFC 9113 asks for: some may be on their way until the client has read this.
const LARGEST_STREAM_ID = 2 ** 31 - 1;

function announceEnd(session: ServerHttp2Session): void {
  if (session.closed || session.destroyed) return;
  session.goaway(constants.NGHTTP2_NO_ERROR, LARGEST_STREAM_ID);
  // The answer to a ping comes after all requests that were sent before the client knew.
  const isSent = session.ping(() => session.close());
  if (!isSent) session.close();
}

function remember(socket: Socket, among: Set<Socket>): void {
  among.add(socket);
  socket.once('close', () => among.delete(socket));
}
