/**
 * The memory of chunks, which is used again once every reader has sent them.
 *
 * A large scrape is 10 MB. Memory that the process has not used before costs several milliseconds a megabyte, more than writing the text into it.
 */

/** A chunk is passed on with the first series beyond `CHUNK_BYTES`; only longer series have memory of their own. */
const POOLED_BYTES = 40_960;

/** Shorter chunks would waste most of it. */
const SHORTEST_POOLED = 8192;

/** At most so much is kept, 2.6 MB: a text scrape needs a few chunks at a time, a protobuf scrape needs those of a whole family. */
const MOST_FREE = 64;

const free: ArrayBuffer[] = [];

/** Returns a copy, which nobody else changes until it is given back. */
export function chunkOf(bytes: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (bytes.length < SHORTEST_POOLED || bytes.length > POOLED_BYTES) return bytes.slice();
  const chunk = new Uint8Array(free.pop() ?? Buffer.allocUnsafeSlow(POOLED_BYTES).buffer, 0, bytes.length);
  chunk.set(bytes);
  return chunk;
}

/** Takes back the memory of a chunk that nobody reads any more. To be called once for a chunk, or never. */
export function giveBack({ buffer }: Uint8Array): void {
  if (buffer instanceof ArrayBuffer && buffer.byteLength === POOLED_BYTES && free.length < MOST_FREE) free.push(buffer);
}
