/** Compresses the answers of the endpoints for clients that ask for it, as Prometheus does. */
import { pipeline, Readable } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createGzip, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { acceptsGzip } from './negotiation.js';

// Samples repeat themselves so much that more effort saves little: see docs/reference/endpoints.md.
const OPTIONS = { level: constants.Z_BEST_SPEED } as const;

const compressed = promisify<Buffer | string, typeof OPTIONS, Buffer>(gzip);

/** Adds it to every answer of a context that is one to the question: what tells of an error is short. Compressing runs beside the event loop, on Node's own threads. */
export function addCompression(scope: FastifyInstance): void {
  scope.addHook('onSend', async ({ raw }, reply, payload: unknown) => {
    if (reply.statusCode !== 200 || reply.hasHeader('content-encoding') || !acceptsGzip(raw)) return payload;
    if (typeof payload === 'string') {
      void reply.header('content-encoding', 'gzip').removeHeader('content-length');
      return compressed(payload, OPTIONS);
    }
    if (!(payload instanceof Readable)) return payload;
    void reply.header('content-encoding', 'gzip');
    // Who goes away ends both; what the scrape could not give is logged where it failed.
    return pipeline(payload, createGzip(OPTIONS), () => {});
  });
}
