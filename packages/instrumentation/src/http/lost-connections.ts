/**
 * Detects HTTP/2 connections that were cut without an event.
 *
 * Over TLS, Node before 26 sometimes misses that a client cut its connection during a write. Such a connection, all its
 * streams, and a closing server would stay open forever.
 */
import type { Socket } from 'node:net';
// Not the globals, because with a test's fake timers, `runAllTimers()` would run forever.
import { clearInterval, setInterval } from 'node:timers';
import type { FastifyInstance } from 'fastify';
import { hasLostPeer } from '../private-api/node.js';

const CHECK_INTERVAL_MS = 500;

/** Destroys such connections of an HTTP/2 server, as Node does when it gets the event. */
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
