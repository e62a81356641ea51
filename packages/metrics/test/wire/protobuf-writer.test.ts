/** Fields that are written here are read by protobufjs as they were. */
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { expect, test } from 'vitest';
import { ProtobufWriter } from '../../src/wire/index.js';

const { root } = protobuf.parse(`
  syntax = "proto3";
  message Part { double number = 1; string text = 2; }
  message All { string text = 1; double number = 2; uint64 count = 3; sint64 change = 4; repeated Part parts = 5; repeated sint64 changes = 6; }
`);
const all = root.lookupType('All');

// The sign takes one of the 53 bits.
const whole = fc.maxSafeInteger().map((value) => Math.floor(value / 2));
const part = fc.record({ number: fc.double({ noNaN: true }), text: fc.string({ unit: 'grapheme', maxLength: 300 }) });
interface Message {
  readonly text: string;
  readonly number: number;
  readonly count: number;
  readonly change: number;
  readonly parts: readonly { readonly number: number; readonly text: string }[];
  readonly changes: readonly number[];
}

const message: fc.Arbitrary<Message> = fc.record({
  text: fc.string({ unit: 'grapheme', maxLength: 300 }),
  number: fc.double({ noNaN: true }),
  count: fc.maxSafeNat(),
  change: whole,
  parts: fc.array(part, { maxLength: 80 }),
  changes: fc.array(whole, { maxLength: 200 }),
});

function write(out: ProtobufWriter, { text, number, count, change, parts, changes }: Message): void {
  out.string(1, text);
  out.double(2, number);
  out.unsigned(3, count);
  out.signed(4, change);
  for (const each of parts) {
    const start = out.begin(5);
    out.double(1, each.number);
    out.string(2, each.text);
    out.end(start);
  }
  out.packedSigned(6, changes, changes.length);
}

test('each field is read as it was written, also from a writer that was used before', () => {
  const out = new ProtobufWriter();
  fc.assert(
    fc.property(message, (written) => {
      write(out, written);
      expect(out.length).toBeGreaterThan(0);
      const read = all.toObject(all.decode(out.take()), { longs: Number, arrays: true, defaults: true });
      expect(read).toEqual(written);
    }),
  );
});

test('a head stands before a message that was written elsewhere', () => {
  const parts = Array.from({ length: 1000 }, (_, index) => ({ number: index + 0.5, text: 'x'.repeat(1 + (index % 200)) }));
  const head = new ProtobufWriter();
  const body = new ProtobufWriter();
  const bytes = parts.map(({ number, text }) => {
    body.double(1, number);
    body.string(2, text);
    const written = body.take();
    head.head(5, written.length);
    return Buffer.concat([head.take(), written]);
  });
  expect(all.toObject(all.decode(Buffer.concat(bytes)))).toEqual({ parts });
});
