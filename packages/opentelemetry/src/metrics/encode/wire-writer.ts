/** Writes protobuf's wire format into one buffer, which grows and is reused. */

/** How the value of a field is written. @see https://protobuf.dev/programming-guides/encoding/#structure */
const [VARINT, FIXED64, LENGTH_DELIMITED] = [0, 1, 2];

const LONGEST_VARINT = 10;
const FIRST_CAPACITY = 65_536;

/** Longer texts are written by Node, shorter ones here, because a call costs as much as about 60 characters. */
const LONGEST_BY_HAND = 128;

const encoder = new TextEncoder();

/** Fields of messages. Their numbers are below 16, so that each tag is one byte. */
export class WireWriter {
  #buffer: Uint8Array<ArrayBuffer>;
  #view: DataView<ArrayBuffer>;
  #length = 0;

  constructor(capacity = FIRST_CAPACITY) {
    this.#buffer = new Uint8Array(capacity);
    this.#view = new DataView(this.#buffer.buffer);
  }

  /** Bytes written since the last `take`. */
  get length(): number {
    return this.#length;
  }

  /** Returns a copy of the bytes written since the last call. */
  take(): Uint8Array<ArrayBuffer> {
    const written = this.#buffer.slice(0, this.#length);
    this.#length = 0;
    return written;
  }

  /** Begins a message in a field; what it returns is for `end`. */
  begin(field: number): number {
    this.#reserve(2);
    this.#tag(field, LENGTH_DELIMITED);
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
    this.#reserve(more + LONGEST_VARINT);
    this.#buffer.copyWithin(start + more, start, this.#length);
    this.#length = start - 1;
    this.#varint(size);
    this.#length += size;
  }

  /** The beginning of a message whose content is known, but not written here. */
  lengthDelimited(field: number, size: number): void {
    this.#reserve(LONGEST_VARINT + 1);
    this.#tag(field, LENGTH_DELIMITED);
    this.#varint(size);
  }

  text(field: number, text: string): void {
    const start = this.begin(field);
    if (text.length > LONGEST_BY_HAND || !this.#ascii(text)) this.#encode(text);
    this.end(start);
  }

  bytes(field: number, bytes: Uint8Array): void {
    const start = this.begin(field);
    this.raw(bytes);
    this.end(start);
  }

  /** Fields that were written elsewhere. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  double(field: number, value: number): void {
    this.#reserve(9);
    this.#tag(field, FIXED64);
    this.#double(value);
  }

  /** A whole number of 0 or more and below 2^64, as protobuf writes its `fixed64`. */
  fixed64(field: number, value: number): void {
    this.#reserve(9);
    this.#tag(field, FIXED64);
    this.#fixed64(value);
  }

  /** A time in nanoseconds, which a number can't express exactly. */
  nanoseconds(field: number, seconds: number): void {
    this.#reserve(9);
    this.#tag(field, FIXED64);
    // Microseconds are exact: more is not known of a time that is kept as a number of seconds.
    this.#view.setBigUint64(this.#length, BigInt(Math.round(seconds * 1e6)) * 1000n, true);
    this.#length += 8;
  }

  /** A whole number of 0 or more. */
  unsigned(field: number, value: number): void {
    this.#reserve(LONGEST_VARINT + 1);
    this.#tag(field, VARINT);
    this.#varint(value);
  }

  /** A whole number, as protobuf writes its `sint32`. */
  signed(field: number, value: number): void {
    this.unsigned(field, value < 0 ? -2 * value - 1 : 2 * value);
  }

  packedFixed64(field: number, values: readonly number[]): void {
    const start = this.begin(field);
    this.#reserve(values.length * 8);
    for (const value of values) this.#fixed64(value);
    this.end(start);
  }

  packedDoubles(field: number, values: readonly number[]): void {
    const start = this.begin(field);
    this.#reserve(values.length * 8);
    for (const value of values) this.#double(value);
    this.end(start);
  }

  /** Whole numbers of 0 or more, as protobuf writes a repeated `uint64`. */
  packedUnsigned(field: number, values: readonly number[]): void {
    const start = this.begin(field);
    this.#reserve(values.length * LONGEST_VARINT);
    for (const value of values) this.#varint(value);
    this.end(start);
  }

  #tag(field: number, wireType: number): void {
    this.#buffer[this.#length++] = (field << 3) | wireType;
  }

  #double(value: number): void {
    this.#view.setFloat64(this.#length, value, true);
    this.#length += 8;
  }

  #fixed64(value: number): void {
    this.#view.setUint32(this.#length, value % 2 ** 32, true);
    this.#view.setUint32(this.#length + 4, Math.floor(value / 2 ** 32), true);
    this.#length += 8;
  }

  #varint(value: number): void {
    const buffer = this.#buffer;
    let at = this.#length;
    let rest = value;
    while (rest >= 0x80) {
      buffer[at++] = (rest % 0x80) | 0x80;
      // Not a shift: that would cut it to 32 bits.
      rest = Math.floor(rest / 0x80);
    }
    buffer[at++] = rest;
    this.#length = at;
  }

  /** Writes ASCII text, which nearly all names and values are. @returns false if the text is not ASCII */
  #ascii(text: string): boolean {
    this.#reserve(text.length);
    const buffer = this.#buffer;
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
    this.#reserve(text.length * 3);
    this.#length += encoder.encodeInto(text, this.#buffer.subarray(this.#length)).written;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    const larger = new Uint8Array(Math.max(needed, this.#buffer.length * 2));
    larger.set(this.#buffer.subarray(0, this.#length));
    this.#buffer = larger;
    this.#view = new DataView(larger.buffer);
  }
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
}
