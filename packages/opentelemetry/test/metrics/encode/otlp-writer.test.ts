/** What OTLP's messages have and Prometheus's do not is read by protobufjs as it was written. */
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import { OtlpWriter } from '../../../src/metrics/encode/otlp-writer.js';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message All { fixed64 count = 1; fixed64 time = 2; repeated fixed64 counts = 3; repeated double numbers = 4; repeated uint64 small = 5; bytes id = 6; }
`);
const all = root.lookupType('All');

const message = fc.record({
  count: fc.maxSafeNat(),
  // Until the year 2106.
  microseconds: fc.integer({ min: 0, max: 4_294_967_295_000_000 }),
  counts: fc.array(fc.maxSafeNat(), { maxLength: 200 }),
  numbers: fc.array(fc.double(), { maxLength: 200 }),
  small: fc.array(fc.maxSafeNat(), { maxLength: 200 }),
  id: fc.uint8Array({ maxLength: 300 }),
});

test('each field is read as it was written', () => {
  const out = new OtlpWriter();
  fc.assert(
    fc.property(message, ({ count, microseconds, counts, numbers, small, id }) => {
      out.fixed64(1, count);
      out.nanoseconds(2, microseconds / 1e6);
      out.packedFixed64(3, counts);
      out.packedDoubles(4, numbers);
      out.packedUnsigned(5, small);
      out.bytesField(6, id);
      const read = all.toObject(all.decode(out.take()), { longs: String, arrays: true, defaults: true });
      const texts = (values: readonly number[]) => values.map(String);
      expect({ ...read, id: [...read['id']] }).toEqual({
        count: String(count),
        time: microseconds === 0 ? '0' : `${microseconds}000`,
        counts: texts(counts),
        numbers,
        small: texts(small),
        id: [...id],
      });
    }),
  );
});
