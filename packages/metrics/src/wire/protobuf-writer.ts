/** Writes protobuf's wire format. */
import { ByteWriter } from './byte-writer.js';

/** How the value of a field is written. @see https://protobuf.dev/programming-guides/encoding/#structure */
const [VARINT, FIXED64, LENGTH_DELIMITED] = [0, 1, 2];

/** What a whole number of 64 bits takes at most. */
const LONGEST_VARINT = 10;

const asDouble = new Float64Array(1);
const asBytes = new Uint8Array(asDouble.buffer);
const IS_LITTLE_ENDIAN = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/**
 * Writes fields of messages into one buffer, which grows and is reused. Their numbers are below 16, so that each tag is one byte.
 * @see https://protobuf.dev/programming-guides/encoding/
 */
export class ProtobufWriter extends ByteWriter {
  /** Begins a message in a field; what it returns is for `end`. */
  begin(field: number): number {
    this.#tag(field, LENGTH_DELIMITED);
    this.byte(0);
    return this.length;
  }

  /** Ends the message that `begin` began. A long one is moved: its length takes more than the byte that was kept free. */
  end(start: number): void {
    const size = this.length - start;
    if (size < 0x80) {
      this.buffer[start - 1] = size;
      return;
    }
    const more = varintLength(size) - 1;
    this.reserve(more);
    this.buffer.copyWithin(start + more, start, this.length);
    this.length = start - 1;
    this.varint(size);
    this.length += size;
  }

  /** The tag and the length of a message that is written elsewhere. */
  head(field: number, size: number): void {
    this.#tag(field, LENGTH_DELIMITED);
    this.varint(size);
  }

  string(field: number, text: string): void {
    const start = this.begin(field);
    this.text(text);
    this.end(start);
  }

  double(field: number, value: number): void {
    this.tag64(field);
    this.doubleValue(value);
  }

  /** A number without a field. */
  protected doubleValue(value: number): void {
    this.reserve(8);
    asDouble[0] = value;
    const { buffer, length } = this;
    for (let index = 0; index < 8; index += 1) buffer[length + index] = asBytes[IS_LITTLE_ENDIAN ? index : 7 - index] as number;
    this.length = length + 8;
  }

  /** A whole number of 0 or more. */
  unsigned(field: number, value: number): void {
    this.#tag(field, VARINT);
    this.varint(value);
  }

  /** A whole number of up to 52 bits and its sign, as protobuf writes its `sint32` and `sint64`. */
  signed(field: number, value: number): void {
    this.unsigned(field, zigzag(value));
  }

  /** The first numbers of a list in one field, as proto3 writes a repeated `sint64`. */
  packedSigned(field: number, values: ArrayLike<number>, count: number): void {
    const start = this.begin(field);
    for (let index = 0; index < count; index += 1) this.varint(zigzag(values[index] as number));
    this.end(start);
  }

  /** A whole number of 0 or more, without a field. */
  varint(value: number): void {
    this.reserve(LONGEST_VARINT);
    const { buffer } = this;
    let at = this.length;
    let rest = value;
    while (rest >= 0x80) {
      buffer[at++] = (rest % 0x80) | 0x80;
      // Not a shift: that would cut it to 32 bits.
      rest = Math.floor(rest / 0x80);
    }
    buffer[at++] = rest;
    this.length = at;
  }

  /**
   * A message of a whole number and of fields that were made ready, 100 bytes at the most. In one step: a scrape has a hundred thousand of them.
   * @param field where the message stands
   * @param numberField where the number stands in it
   */
  short(field: number, numberField: number, { value, rest }: { readonly value: number; readonly rest: Uint8Array }): void {
    this.reserve(LONGEST_VARINT + rest.length + 3);
    const { buffer, length: start } = this;
    let at = start + 2;
    buffer[at++] = (numberField << 3) | VARINT;
    let left = value;
    while (left >= 0x80) {
      buffer[at++] = (left % 0x80) | 0x80;
      left = Math.floor(left / 0x80);
    }
    buffer[at++] = left;
    for (let index = 0; index < rest.length; index += 1) buffer[at + index] = rest[index] as number;
    at += rest.length;
    buffer[start] = (field << 3) | LENGTH_DELIMITED;
    buffer[start + 1] = at - start - 2;
    this.length = at;
  }

  /** The tag of a field of 8 bytes. */
  protected tag64(field: number): void {
    this.#tag(field, FIXED64);
  }

  #tag(field: number, wireType: number): void {
    this.byte((field << 3) | wireType);
  }
}

const scratch = new ProtobufWriter();

/** Fields that are written many times, made ready once. */
export function fieldsOf(write: (out: ProtobufWriter) => void): Uint8Array {
  write(scratch);
  return scratch.take();
}

function zigzag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function varintLength(value: number): number {
  let length = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) length += 1;
  return length;
}
