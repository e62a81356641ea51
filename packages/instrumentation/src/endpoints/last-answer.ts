/** Lets a server close as soon as the scrape is answered that was under way. */
import type { FastifyInstance } from 'fastify';

/**
 * Ends the connections of a context's answers that are finished after the server began to close: scrapers keep theirs for the next scrape, and a
 * server that has such a connection would wait for its keep-alive time.
 */
export function endConnectionsWhileClosing(scope: FastifyInstance): void {
  let isClosing = false;
  scope.addHook('preClose', async () => {
    isClosing = true;
  });
  scope.addHook('onResponse', async ({ raw }) => {
    // HTTP/2 sessions are closed by Fastify.
    if (isClosing && raw.httpVersionMajor === 1) raw.socket.end();
  });
}
