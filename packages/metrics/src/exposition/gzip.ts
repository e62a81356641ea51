/** Compresses a scrape on Node's threads, outside the event loop. */
import { constants, createGzip, type Gzip } from 'node:zlib';
import type { ScrapeReader } from './chunk-use.js';

// Samples are so repetitive that higher levels save little; see docs/reference/endpoints.md.
const OPTIONS = { level: constants.Z_BEST_SPEED } as const;

/** Compresses the chunks as they are read. Returning the generator early frees its memory. */
export async function* gzipped(reader: ScrapeReader): AsyncGenerator<Uint8Array, void> {
  const gzip = createGzip(OPTIONS);
  void compress(reader, gzip);
  try {
    // An error of the chunks destroys the stream, and is thrown here.
    yield* gzip;
  } finally {
    gzip.destroy();
    await reader.return();
  }
}

async function compress(reader: ScrapeReader, gzip: Gzip): Promise<void> {
  try {
    for await (const chunk of reader) {
      await new Promise<void>((resolve) => gzip.write(chunk, () => resolve()));
      if (gzip.destroyed) return;
      reader.release();
    }
    gzip.end();
  } catch (error) {
    gzip.destroy(error as Error);
  }
}
