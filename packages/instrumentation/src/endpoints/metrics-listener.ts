/** A separate server for the endpoints. */
import type { Socket } from 'node:net';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import { metricsPortForbidden, metricsPortInUse, type PortSetting } from './errors.js';

export interface ListenerOptions extends PortSetting {
  readonly logger: FastifyBaseLogger;
  /** Adds the routes to the server. */
  readonly addRoutes: (server: FastifyInstance) => Promise<void>;
}

const ERRORS: Readonly<Record<string, typeof metricsPortInUse>> = { EADDRINUSE: metricsPortInUse, EACCES: metricsPortForbidden };

/** The separate server. It can be opened again after it was closed. */
export class MetricsListener {
  readonly #options: ListenerOptions;
  #server: FastifyInstance | undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** The origin of the server, such as `http://127.0.0.1:9464`; undefined if it does not listen. */
  get origin(): string | undefined {
    return this.#server?.listeningOrigin;
  }

  /** @throws TSK_ERR_WEB_PORT_IN_USE, TSK_ERR_WEB_PORT_FORBIDDEN */
  async open(host: string): Promise<void> {
    const { port, logger, addRoutes } = this.#options;
    const server = fastify({
      loggerInstance: logger,
      logController: new LogController({ disableRequestLogging: true }),
      forceCloseConnections: 'idle',
    });
    closeUnusedConnections(server);
    await addRoutes(server);
    try {
      await server.listen({ host, port, listenTextResolver: (address) => `the metrics are served on ${address}` });
    } catch (error) {
      await server.close();
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      throw ERRORS[code]?.({ ...this.#options, host }, error) ?? error;
    }
    this.#server = server;
  }

  /** Stops listening, and waits for running responses. */
  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  /** Closes all connections, also those with running responses. */
  closeConnections(): void {
    this.#server?.server.closeAllConnections();
  }
}

/** Closes unused connections, which browsers open in advance. Otherwise, a closing server waits for them. */
function closeUnusedConnections(fastify: FastifyInstance): void {
  const open = new Set<Socket>();
  fastify.server.on('connection', (socket: Socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
  });
  fastify.addHook('preClose', async () => {
    for (const socket of open) if (socket.bytesRead === 0) socket.destroy();
  });
}
