/** Writes bytes into one buffer, which grows and is reused. */
import { chunkOf } from './chunk-memory.js';

/** Bytes after which a chunk is passed on: few enough to be written between two turns of the event loop. */
export const CHUNK_BYTES = 32_768;

const FIRST_CAPACITY = 65_536;

/** Buffers larger than this are not reused. */
const LARGEST_KEPT = 1_048_576;

/** Longer texts are written by Node, shorter ones here, because a call costs as much as about 60 characters. */
const LONGEST_BY_HAND = 128;

const encoder = new TextEncoder();

/**
 * Writes text as UTF-8.
 *
 * Concatenated strings are trees until they are read, and a scrape has a million pieces. Writing the pieces directly takes a tenth of the time.
 */
export class ByteWriter {
  protected buffer = new Uint8Array(FIRST_CAPACITY);
  #length = 0;

  /** Bytes written since the last `take()`. */
  get length(): number {
    return this.#length;
  }

  protected set length(length: number) {
    this.#length = length;
  }

  text(text: string): void {
    if (text.length > LONGEST_BY_HAND || !this.#ascii(text)) this.#encode(text);
  }

  bytes(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    const { buffer } = this;
    const start = this.#length;
    for (let index = 0; index < bytes.length; index += 1) buffer[start + index] = bytes[index] as number;
    this.#length = start + bytes.length;
  }

  /** Writes the bytes between two positions again. */
  again(start: number, end: number): void {
    this.reserve(end - start);
    this.buffer.copyWithin(this.#length, start, end);
    this.#length += end - start;
  }

  byte(byte: number): void {
    this.reserve(1);
    this.buffer[this.#length++] = byte;
  }

  /** Writes a non-negative integer in decimal digits. */
  count(value: number): void {
    if (value > 0x7fff_ffff) {
      this.text(String(value));
      return;
    }
    this.reserve(10);
    const { buffer } = this;
    const end = this.#length + digitsOf(value);
    this.#length = end;
    let rest = value;
    let at = end;
    do {
      const tenth = (rest / 10) | 0;
      buffer[--at] = 0x30 + rest - tenth * 10;
      rest = tenth;
    } while (rest > 0);
  }

  /** Returns a copy of the bytes written since the last call, whose memory can be given back. */
  takeChunk(): Uint8Array<ArrayBuffer> {
    const chunk = chunkOf(this.buffer.subarray(0, this.#length));
    this.clear();
    return chunk;
  }

  /** Returns a copy of the bytes written since the last call. */
  take(): Uint8Array<ArrayBuffer> {
    const written = this.buffer.slice(0, this.#length);
    this.clear();
    return written;
  }

  /** Drops the bytes written since the last `take()`. */
  clear(): void {
    this.#length = 0;
    if (this.buffer.length > LARGEST_KEPT) this.buffer = new Uint8Array(FIRST_CAPACITY);
  }

  protected reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.buffer.length * 2));
    larger.set(this.buffer.subarray(0, this.#length));
    this.buffer = larger;
  }

  /** Writes ASCII text, which nearly all names and label values are. @returns false if the text is not ASCII */
  #ascii(text: string): boolean {
    this.reserve(text.length);
    const { buffer } = this;
    const start = this.#length;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) return false;
      buffer[start + index] = code;
    }
    this.#length = start + text.length;
    return true;
  }

  #encode(text: string): void {
    // In UTF-8, one unit of a string takes at most three bytes.
    this.reserve(text.length * 3);
    this.#length += encoder.encodeInto(text, this.buffer.subarray(this.#length)).written;
  }
}

function digitsOf(value: number): number {
  let digits = 1;
  for (let power = 10; value >= power; power *= 10) digits += 1;
  return digits;
}
