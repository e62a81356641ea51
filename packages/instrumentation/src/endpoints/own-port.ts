/** Serves the endpoints on a separate port, which is opened and closed with the server. */
import type { FastifyInstance } from 'fastify';
import { beforeListen, type ListenAddress } from '../private-api/fastify.js';
import { metricsPortShared, serverClosed } from './errors.js';
import { type ListenerOptions, MetricsListener } from './metrics-listener.js';

/**
 * Opens the endpoints' port just before the server's own, on the same host. If one of them is not free, neither stays open.
 *
 * If the port is not free, Fastify's `listen()` fails, as for its own port.
 */
export function listenOnOwnPort(fastify: FastifyInstance, options: ListenerOptions): MetricsListener {
  const listener = new MetricsListener(options);
  const { server } = fastify;
  let isClosed = false;

  async function open({ host, port }: ListenAddress, listen: () => void): Promise<void> {
    if (options.port !== 0 && options.port === port) throw metricsPortShared(options);
    await listener.open(host ?? 'localhost');
    if (isClosed) {
      await listener.close();
      throw serverClosed();
    }
    const giveUp = (): void => void listener.close();
    server.once('error', giveUp);
    server.once('listening', () => server.off('error', giveUp));
    listen();
  }

  const putBack = beforeListen(fastify, open);
  fastify.addHook('onClose', () => {
    isClosed = true;
    putBack();
    return listener.close();
  });
  return listener;
}
