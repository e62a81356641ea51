/**
 * Notices HTTP/2 connections that are gone without a word.
 *
 * Over TLS, Node before 26 sometimes misses that a client cut its connection while something was being written to it. Such a connection, all its
 * streams and a server that closes would stay open for ever.
 */
import type { Socket } from 'node:net';
// Not the globals: a test's fake timers would have `runAllTimers()` run for ever.
import { clearInterval, setInterval } from 'node:timers';
import type { FastifyInstance } from 'fastify';
import { hasLostPeer } from '../private-api/node.js';

const CHECK_INTERVAL_MS = 500;

/** Destroys such connections of an HTTP/2 server, as Node does with those that it hears of. */
export function endLostConnections({ server, initialConfig }: FastifyInstance): void {
  if (initialConfig.http2 !== true) return;
  const open = new Set<Socket>();
  let timer: NodeJS.Timeout | undefined;
  const check = (): void => {
    for (const socket of open) if (hasLostPeer(socket)) socket.destroy();
  };
  server.on('connection', (socket: Socket) => {
    open.add(socket);
    timer ??= setInterval(check, CHECK_INTERVAL_MS).unref();
    socket.once('close', () => {
      open.delete(socket);
      if (open.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    });
  });
}
