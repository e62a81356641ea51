/** Compresses the answers of the endpoints for clients that ask for it, as Prometheus does. */
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { acceptsGzip } from './negotiation.js';

// Samples are so repetitive that higher levels save little; see docs/reference/endpoints.md.
const OPTIONS = { level: constants.Z_BEST_SPEED } as const;

const compressed = promisify<string, typeof OPTIONS, Buffer>(gzip);

/** Adds it to every answer of a context that is made as a whole; errors are short. Compressing runs beside the event loop, on Node's own threads. A scrape is compressed by the registry, once for all who share it. */
export function addCompression(scope: FastifyInstance): void {
  scope.addHook('onSend', async ({ raw }, reply, payload: unknown) => {
    if (typeof payload !== 'string' || reply.statusCode !== 200 || !acceptsGzip(raw)) return payload;
    void reply.header('content-encoding', 'gzip').removeHeader('content-length');
    return compressed(payload, OPTIONS);
  });
}
