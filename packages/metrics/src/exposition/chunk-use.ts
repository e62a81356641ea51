/** Which readers of a scrape still need which of its chunks. */
import { giveBack } from '../wire/chunk-memory.js';

/** Reads a scrape, and says when chunks are no longer needed, so that their memory is used again. */
export interface ScrapeReader extends AsyncIterableIterator<Uint8Array, void> {
  /** Says that the oldest of the chunks that were read, and not released yet, is not needed any more. To be called only after its last use. */
  release(): void;
  /** Stops reading. */
  return(): Promise<IteratorResult<Uint8Array, void>>;
}

/** How far one reader is. */
export interface ReaderPosition {
  /** The number of chunks that it has got. */
  handed: number;
  /** The number of chunks, the first ones, that it does not need any more. */
  released: number;
}

/**
 * Gives back the memory of chunks that all readers have released. The readers of a scrape are known before its first chunk is made, because nobody joins
 * it later.
 */
export class ChunkUse {
  readonly #readers = new Set<ReaderPosition>();
  /** The chunks that some reader may need, the oldest first. */
  readonly #chunks: Uint8Array[] = [];
  /** The number of chunks before them. */
  #givenBack = 0;
  #isKept = false;

  enter(): ReaderPosition {
    const reader = { handed: 0, released: 0 };
    this.#readers.add(reader);
    return reader;
  }

  /** Gives nothing back from now on: somebody has chunks, and does not say for how long. */
  keep(): void {
    this.#isKept = true;
    this.#chunks.length = 0;
  }

  made(chunk: Uint8Array): void {
    if (!this.#isKept) this.#chunks.push(chunk);
  }

  release(reader: ReaderPosition): void {
    if (reader.released === reader.handed) return;
    reader.released += 1;
    this.#giveBack();
  }

  /** Forgets a reader, which gets no more chunks. */
  leave(reader: ReaderPosition): void {
    if (reader.released < reader.handed) this.keep();
    this.#readers.delete(reader);
    this.#giveBack();
  }

  #giveBack(): void {
    if (this.#isKept) return;
    let released = Number.POSITIVE_INFINITY;
    for (const reader of this.#readers) released = Math.min(released, reader.released);
    for (; this.#givenBack < released && this.#chunks.length > 0; this.#givenBack += 1) giveBack(this.#chunks.shift() as Uint8Array);
  }
}
