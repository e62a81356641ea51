/** Bytes that are written piece by piece are those of the whole text. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ByteWriter } from '../../src/wire/byte-writer.js';

const piece = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }).map((text) => ({ text })),
  fc.maxSafeNat().map((count) => ({ count })),
  fc.integer({ min: 0, max: 12 }).map((power) => ({ count: 10 ** power })),
  fc.integer({ min: 0, max: 127 }).map((byte) => ({ byte })),
  fc.constant({ again: true } as const),
);

test('texts, counts, bytes and what is written again make up the text', () => {
  fc.assert(
    fc.property(fc.array(fc.array(piece, { maxLength: 20 }), { maxLength: 5 }), (chunks) => {
      const out = new ByteWriter();
      for (const pieces of chunks) {
        let expected = '';
        for (const each of pieces) {
          if ('text' in each) out.text(each.text);
          else if ('count' in each) out.count(each.count);
          else if ('byte' in each) out.byte(each.byte);
          else out.again(0, out.length);
          if ('again' in each) expected += expected;
          else expected += 'text' in each ? each.text : 'count' in each ? String(each.count) : String.fromCharCode(each.byte);
        }
        expect(out.length).toBe(Buffer.byteLength(expected));
        expect(Buffer.from(out.take()).toString()).toBe(Buffer.from(expected).toString());
      }
    }),
  );
});

test('what was taken stays as it was, and what is cleared is not taken', () => {
  const out = new ByteWriter();
  out.text('first');
  const first = out.take();
  out.text('lost');
  out.clear();
  out.text('x'.repeat(2_000_000));
  expect(out.take()).toHaveLength(2_000_000);
  out.bytes(first);
  expect(Buffer.from(out.take()).toString()).toBe('first');
  expect(Buffer.from(first).toString()).toBe('first');
});
