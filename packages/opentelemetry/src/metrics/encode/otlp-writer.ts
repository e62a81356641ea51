/** Writes what OTLP's messages have and Prometheus's do not. */
import { ProtobufWriter } from '@tsukimi/metrics/wire';

const TWO_TO_32 = 2 ** 32;
const NANOSECONDS_IN_MICROSECOND = 1000n;

export class OtlpWriter extends ProtobufWriter {
  /** Bytes in a field, such as an id. */
  bytesField(field: number, bytes: Uint8Array): void {
    this.head(field, bytes.length);
    this.bytes(bytes);
  }

  /** A whole number of 0 or more and below 2^64. */
  fixed64(field: number, value: number): void {
    this.tag64(field);
    this.#words(value % TWO_TO_32, Math.floor(value / TWO_TO_32));
  }

  /** A time in nanoseconds, which a number can't express exactly. */
  nanoseconds(field: number, seconds: number): void {
    this.tag64(field);
    // Microseconds are exact: more is not known of a time that is kept as a number of seconds.
    const time = BigInt(Math.round(seconds * 1e6)) * NANOSECONDS_IN_MICROSECOND;
    this.#words(Number(BigInt.asUintN(32, time)), Number(time >> 32n));
  }

  packedFixed64(field: number, values: readonly number[]): void {
    this.head(field, values.length * 8);
    for (const value of values) this.#words(value % TWO_TO_32, Math.floor(value / TWO_TO_32));
  }

  packedDoubles(field: number, values: readonly number[]): void {
    this.head(field, values.length * 8);
    for (const value of values) this.doubleValue(value);
  }

  /** Whole numbers of 0 or more, as protobuf writes a repeated `uint64`. */
  packedUnsigned(field: number, values: readonly number[]): void {
    const start = this.begin(field);
    for (const value of values) this.varint(value);
    this.end(start);
  }

  /** 64 bits, the lower half first. */
  #words(low: number, high: number): void {
    this.reserve(8);
    const { buffer, length } = this;
    for (let index = 0; index < 4; index += 1) {
      buffer[length + index] = low >>> (8 * index);
      buffer[length + 4 + index] = high >>> (8 * index);
    }
    this.length = length + 8;
  }
}
