/** Decodes the bytes of a scrape to one string. */
import { isAscii } from 'node:buffer';
import { nextTurn } from '../real-timers.js';
import type { ScrapeReader } from './chunk-use.js';

/**
 * Strings of more than a megabyte are allocated outside V8's heap, where the garbage collector does not copy them. Allocating much more at once would
 * block the event loop for too long.
 */
const PIECE_BYTES = 1_100_000;

/** @param reader of chunks that end with a complete line, so that no character is split */
export async function textOf(reader: ScrapeReader): Promise<string> {
  const piece = new Piece();
  let text = '';
  for await (const chunk of reader) {
    if (!piece.hasRoomFor(chunk)) {
      text += piece.take();
      await nextTurn();
    }
    if (piece.hasRoomFor(chunk)) piece.add(chunk);
    else text += decoded(chunk);
    reader.release();
  }
  return text + piece.take();
}

class Piece {
  readonly #buffer = Buffer.allocUnsafeSlow(PIECE_BYTES);
  #length = 0;

  hasRoomFor({ length }: Uint8Array): boolean {
    return this.#length + length <= PIECE_BYTES;
  }

  add(chunk: Uint8Array): void {
    this.#buffer.set(chunk, this.#length);
    this.#length += chunk.length;
  }

  take(): string {
    const text = decoded(this.#buffer.subarray(0, this.#length));
    this.#length = 0;
    return text;
  }
}

function decoded(bytes: Uint8Array): string {
  // ASCII is a subset of Latin-1, which Node copies in a tenth of the time.
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(isAscii(bytes) ? 'latin1' : 'utf8');
}
