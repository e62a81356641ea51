/** A server that has the endpoints and nothing else. */
import type { Socket } from 'node:net';
import { type FastifyBaseLogger, type FastifyInstance, fastify, LogController } from 'fastify';
import { metricsPortForbidden, metricsPortInUse, type PortSetting } from './errors.js';

export interface ListenerOptions extends PortSetting {
  readonly logger: FastifyBaseLogger;
  /** Adds what is served. */
  readonly addRoutes: (server: FastifyInstance) => Promise<void>;
}

const ERRORS: Readonly<Record<string, typeof metricsPortInUse>> = { EADDRINUSE: metricsPortInUse, EACCES: metricsPortForbidden };

/** Opens and closes; after it was closed it can be opened again. */
export class MetricsListener {
  readonly #options: ListenerOptions;
  #server: FastifyInstance | undefined;

  constructor(options: ListenerOptions) {
    this.#options = options;
  }

  /** Where it listens, such as `http://127.0.0.1:9464`; undefined while it does not. */
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

  /** Answers that are under way are finished. */
  async close(): Promise<void> {
    await this.#server?.close();
    this.#server = undefined;
  }

  /** Cuts off who has not taken an answer in time. */
  closeConnections(): void {
    this.#server?.server.closeAllConnections();
  }
}

/** A closing server otherwise waits for connections that were opened ahead of need, as browsers do. */
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
