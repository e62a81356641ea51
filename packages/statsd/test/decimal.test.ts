/** Numbers without an exponent. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { plainDecimal } from '../src/decimal.js';

test.each([
  [0, '0'],
  [-0, '0'],
  [1e21, '1000000000000000000000'],
  [-1.5e-7, '-0.00000015'],
  [1.25e22, '12500000000000000000000'],
  [0.1 + 0.2, '0.30000000000000004'],
  [Number.MAX_SAFE_INTEGER, '9007199254740991'],
])('%d is %s', (value, text) => {
  expect(plainDecimal(value)).toBe(text);
});

test('every finite number reads back as itself, from digits and a dot', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      const text = plainDecimal(value);
      expect(text).toMatch(/^-?\d+(\.\d+)?$/);
      expect(Number(text)).toBe(value === 0 ? 0 : value);
    }),
    { examples: [[Number.MAX_VALUE], [Number.MIN_VALUE], [-Number.MIN_VALUE]] },
  );
});
