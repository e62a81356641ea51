/** A scrape compressed, on Node's own threads, beside the event loop. */
import { pipeline, Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';

// Samples repeat themselves so much that more effort saves little: see docs/reference/endpoints.md.
const OPTIONS = { level: constants.Z_BEST_SPEED } as const;

/** The chunks compressed, made as they are asked for; who returns it early frees what it holds. */
export async function* gzipped(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  // An error of the chunks destroys the stream, which is then told of here.
  yield* pipeline(Readable.from(chunks), createGzip(OPTIONS), () => {});
}
