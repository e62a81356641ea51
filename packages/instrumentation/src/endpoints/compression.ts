/** Compresses the responses of the endpoints for clients that accept it, such as Prometheus. */
import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import type { FastifyInstance } from 'fastify';
import { acceptsGzip } from './negotiation.js';

// Samples are so repetitive that higher levels save little; see docs/reference/endpoints.md.
const OPTIONS = { level: constants.Z_BEST_SPEED } as const;

const compressed = promisify<string, typeof OPTIONS, Buffer>(gzip);

/** Compresses the complete responses of a context, except errors, which are short. Compression runs on Node's threads, outside the event loop. The registry compresses scrapes, once for all clients that share one. */
export function addCompression(scope: FastifyInstance): void {
  scope.addHook('onSend', async ({ raw }, reply, payload: unknown) => {
    if (typeof payload !== 'string' || reply.statusCode !== 200 || !acceptsGzip(raw)) return payload;
    void reply.header('content-encoding', 'gzip').removeHeader('content-length');
    return compressed(payload, OPTIONS);
  });
}
