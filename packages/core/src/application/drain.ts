/** Closes a server once its requests have ended, and without waiting for connections on which nothing happens. */
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { ServerHttp2Session } from 'node:http2';
import type { Socket } from 'node:net';
import type { FastifyInstance } from 'fastify';

const SWEEP_INTERVAL_MS = 25;
const TAKEOVERS = ['upgrade', 'connect'] as const;

/** Knows the connections of a server, so that it can tell while it closes which of them nobody would miss. */
export class Connections {
  /** The first, and those for further addresses. */
  readonly #servers: Server[] = [];
  readonly #closed: Promise<unknown>[] = [];
  readonly #open = new Set<Socket>();
  /** Those that somebody has taken over from HTTP, for WebSockets say. */
  readonly #upgraded = new Set<Socket>();
  /** Those over TLS on which no request has come yet. */
  readonly #unused = new Set<Socket>();
  /** Those of HTTP/2. */
  readonly #sessions = new Set<ServerHttp2Session>();

  constructor(server: Server) {
    this.#watch(server);
  }

  /** Watches one more server, whose end the drain then waits for too. */
  add(server: Server): void {
    this.#watch(server);
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

  get count(): number {
    return this.#open.size;
  }

  /**
   * Ends connections that wait for a next request, and those that never sent a first one; once only connections are left that
   * are no longer HTTP's, those too: no request can be waited for there.
   */
  closeUnused(): void {
    // One that closes takes no new request, and ends with its last.
    for (const session of this.#sessions) if (!session.closed) session.close();
    // A server for HTTP/2 over clear text has nothing but sessions, which read past their sockets.
    if (typeof this.#servers[0]?.closeIdleConnections === 'function') {
      for (const server of this.#servers) server.closeIdleConnections();
      // To Node these are not idle before headersTimeout; browsers open them ahead of need.
      for (const socket of this.#open) if (socket.bytesRead === 0) socket.destroy();
    }
    for (const socket of this.#unused) socket.destroy();
    if (this.#upgraded.size >= this.#open.size) for (const socket of this.#upgraded) socket.destroySoon();
  }

  /** Ends every connection, whatever it is used for. */
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

  // To listen to these events without need would take such requests from HTTP: only beside somebody else who does.
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

/** Stops listening, lets running requests finish, and closes each connection as soon as it has none. */
export async function drain(fastify: FastifyInstance, connections: Connections): Promise<void> {
  // A kept-alive connection whose request ends after the server began to close stays open for its keep-alive time otherwise.
  const sweep = setInterval(() => connections.closeUnused(), SWEEP_INTERVAL_MS).unref();
  try {
    await fastify.close();
    await connections.addedClosed();
  } finally {
    clearInterval(sweep);
  }
}

function remember(socket: Socket, among: Set<Socket>): void {
  among.add(socket);
  socket.once('close', () => among.delete(socket));
}
