/** Closes a server once its requests have ended, and without waiting for connections on which nothing happens. */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
// Not the globals: a test's fake timers would have `runAllTimers()` run for ever, and the server never close.
import { clearInterval, setInterval } from 'node:timers';
import type { FastifyInstance } from 'fastify';

const SWEEP_INTERVAL_MS = 25;

/** Knows a server's connections, so that a closing server can tell which of them nobody would miss. */
export class Connections {
  readonly #server: Server;
  readonly #open = new Set<Socket>();

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#open.add(socket);
      socket.once('close', () => this.#open.delete(socket));
    });
  }

  get count(): number {
    return this.#open.size;
  }

  /** Ends connections that wait for a next request, and those that never sent a first one. */
  closeUnused(): void {
    this.#server.closeIdleConnections();
    // To Node these are not idle before headersTimeout; browsers open them ahead of need.
    for (const socket of this.#open) if (socket.bytesRead === 0) socket.destroy();
  }

  closeAll(): void {
    this.#server.closeAllConnections();
  }
}

/** Stops listening, lets running requests finish, and closes each connection as soon as it has none. */
export async function drain(fastify: FastifyInstance, connections: Connections): Promise<void> {
  // A kept-alive connection whose request ends after the server began to close stays open for its keep-alive time otherwise.
  const sweep = setInterval(() => connections.closeUnused(), SWEEP_INTERVAL_MS).unref();
  try {
    await fastify.close();
  } finally {
    clearInterval(sweep);
  }
}
