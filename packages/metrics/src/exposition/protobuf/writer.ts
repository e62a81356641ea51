/** Writes protobuf's wire format into one buffer, which grows and is used again. */

const FIRST_CAPACITY = 16_384;

/** How a field is written. @see https://protobuf.dev/programming-guides/encoding/#structure */
const WIRE = { varint: 0, fixed64: 1, bytes: 2 } as const;

/** What a number of 64 bits takes at most. */
const LONGEST_VARINT = 10;

const encoder = new TextEncoder();
const asDouble = new Float64Array(1);
const asBytes = new Uint8Array(asDouble.buffer);
const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Messages of protobuf. All field numbers are below 16, so that each tag is one byte. */
export class ProtobufWriter {
  #buffer = new Uint8Array(FIRST_CAPACITY);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  /** A copy of what was written since the last call. */
  take(): Uint8Array<ArrayBuffer> {
    const written = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    return written;
  }

  /** Begins a message in a field; what it returns is for `end`. */
  begin(field: number): number {
    this.#tag(field, WIRE.bytes);
    this.#reserve(1);
    this.#length += 1;
    return this.#length;
  }

  /** Ends the message that `begin` began. A long one is moved: its length takes more than the byte that was kept free. */
  end(start: number): void {
    const size = this.#length - start;
    if (size < 0x80) {
      this.#buffer[start - 1] = size;
      return;
    }
    const more = varintLength(size) - 1;
    this.#reserve(more);
    this.#buffer.copyWithin(start + more, start, this.#length);
    this.#length = start - 1;
    this.varint(size);
    this.#length += size;
  }

  string(field: number, text: string): void {
    this.#tag(field, WIRE.bytes);
    this.#reserve(text.length * 3 + LONGEST_VARINT);
    const start = this.#length + 1;
    const size = this.#ascii(text, start) ?? encoder.encodeInto(text, this.#buffer.subarray(start)).written;
    this.#length = start + size;
    this.end(start);
  }

  double(field: number, value: number): void {
    this.#tag(field, WIRE.fixed64);
    this.#reserve(8);
    asDouble[0] = value;
    for (let index = 0; index < 8; index += 1) {
      this.#buffer[this.#length + index] = asBytes[IS_LITTLE_ENDIAN ? index : 7 - index] as number;
    }
    this.#length += 8;
  }

  /** A whole number of 0 or more. */
  unsigned(field: number, value: number): void {
    this.#tag(field, WIRE.varint);
    this.varint(value);
  }

  /** A whole number, as protobuf's `sint32` and `sint64` are written. */
  signed(field: number, value: number): void {
    this.unsigned(field, zigzag(value));
  }

  /** Whole numbers in one field, as a repeated `sint64` is written in proto3. */
  packedSigned(field: number, values: readonly number[]): void {
    const start = this.begin(field);
    for (const value of values) this.varint(zigzag(value));
    this.end(start);
  }

  /** A whole number of 0 or more, without a field. */
  varint(value: number): void {
    this.#reserve(LONGEST_VARINT);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#length++] = (rest % 0x80) | 0x80;
      // Not a shift: that would cut it to 32 bits.
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#length++] = rest;
  }

  #tag(field: number, wire: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = (field << 3) | wire;
  }

  /** Writes text that is ASCII, as nearly all label values are, and returns its length; undefined where it is not. */
  #ascii(text: string, start: number): number | undefined {
    const buffer = this.#buffer;
    for (let index = 0; index < text.length; index += 1) {
      const code = text.charCodeAt(index);
      if (code >= 0x80) return undefined;
      buffer[start + index] = code;
    }
    return text.length;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
  }
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
}
