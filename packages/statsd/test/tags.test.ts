/** Tags of DogStatsD. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tagSection } from '../src/tags.js';

test.each([
  [{}, ''],
  [{ method: 'GET', path: '/users/:id', status: '200' }, '|#method:GET,path:/users/:id,status:200'],
  [{ a: '', b: 'x' }, '|#b:x'],
  [{ text: '月見 #1 @ 100%' }, '|#text:月見 #1 @ 100%'],
  [{ url: 'http://x:8080' }, '|#url:http://x:8080'],
])('%j is %s', (tags, section) => {
  expect(tagSection(tags)).toBe(section);
});

test('what ends a tag or a line is replaced, and a hash of the value follows', () => {
  expect(tagSection({ text: 'a,b|c\nd\re\u0000' })).toMatch(/^\|#text:a_b_c_d_e_--[\da-f]{8}$/);
});

test('a tag has at most 200 characters, and is not cut within one', () => {
  expect(tagSection({ key: 'x'.repeat(196) })).toBe(`|#key:${'x'.repeat(196)}`);
  expect(tagSection({ key: '🌕'.repeat(196) })).toBe(`|#key:${'🌕'.repeat(196)}`);
  const long = tagSection({ key: '🌕'.repeat(197) }).slice('|#'.length);
  expect(long).toMatch(/^key:(?:🌕){186}--[\da-f]{8}$/u);
  expect([...long]).toHaveLength(200);
});

const value = fc.oneof(
  fc.string({ unit: fc.constantFrom('a', ',', '|', '\n', ':', '#', '_', '\ud800', '\udc00'), minLength: 1, maxLength: 5 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 250 }),
  fc.constantFrom('a_b--0123abcd', 'a'.repeat(250)),
);

test('of any two values, the tags differ, also as UTF-8', () => {
  fc.assert(
    fc.property(value, value, (one, other) => {
      const [a, b] = [tagSection({ k: one }), tagSection({ k: other })].map((section) => Buffer.from(section).toString('hex'));
      expect(a === b).toBe(one === other);
      expect(tagSection({ k: one }).slice(2)).not.toMatch(/[,|\n\r]/);
    }),
    { numRuns: 5_000 },
  );
});
