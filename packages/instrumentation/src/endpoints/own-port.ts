/** The endpoints on a port of their own: a listener that opens and closes with the server it belongs to. */
import type { FastifyInstance } from 'fastify';
import { metricsPortShared, serverClosed } from './errors.js';
import { type ListenerOptions, MetricsListener } from './metrics-listener.js';

/** Options for `http.Server.listen()` as Fastify gives them. */
interface ListenOptions {
  readonly host?: string | undefined;
  readonly port?: number | undefined;
}

/**
 * Opens the endpoints' port just before the server's own, on the same host; where either is not free, neither stays open.
 *
 * Fastify has no hook for it: what fails in `onListen` is only logged, and `onReady` also runs where nothing ever listens. So it stands before
 * Node's `listen` of this one server, and a port that is not free makes Fastify's `listen()` fail as its own port would.
 */
export function listenOnOwnPort(fastify: FastifyInstance, options: ListenerOptions): MetricsListener {
  const listener = new MetricsListener(options);
  const { server } = fastify;
  const listen = server.listen.bind(server) as (...given: unknown[]) => unknown;
  let isClosed = false;

  async function open(given: unknown[]): Promise<void> {
    const { host, port } = addressOf(given);
    if (options.port !== 0 && options.port === port) throw metricsPortShared(options);
    await listener.open(host ?? 'localhost');
    if (isClosed) {
      await listener.close();
      throw serverClosed();
    }
    const giveUp = (): void => void listener.close();
    server.once('error', giveUp);
    server.once('listening', () => server.off('error', giveUp));
    listen(...given);
  }

  Object.defineProperty(server, 'listen', {
    value: (...given: unknown[]) => {
      open(given).catch((error: unknown) => server.emit('error', error));
      return server;
    },
    configurable: true,
    writable: true,
  });
  fastify.addHook('onClose', () => {
    isClosed = true;
    return listener.close();
  });
  return listener;
}

/** Node's `listen` takes an object, or a port and then perhaps a host. */
function addressOf([first, second]: readonly unknown[]): ListenOptions {
  if (typeof first === 'object' && first !== null) return first as ListenOptions;
  return { port: Number(first), host: typeof second === 'string' ? second : undefined };
}
