/** Compresses a scrape on Node's threads, outside the event loop. */
import { pipeline, Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';

// Samples are so repetitive that higher levels save little; see docs/reference/endpoints.md.
const OPTIONS = { level: constants.Z_BEST_SPEED } as const;

/** Compresses the chunks as they are read. Returning the generator early frees its memory. */
export async function* gzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  // An error of the chunks destroys the stream, and is thrown here.
  yield* pipeline(Readable.from(chunks), createGzip(OPTIONS), () => {});
}
