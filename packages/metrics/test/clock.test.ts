/** The clock that durations are read from. */
import { processClock, secondsBetween } from '@tsukimi/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';

test('seconds between two readings', () => {
  expect(secondsBetween(1n, 1_500_000_001n)).toBe(1.5);
  expect(secondsBetween(5n, 5n)).toBe(0);
  expect(secondsBetween(5n, 4n)).toBe(-1e-9);
  expect(secondsBetween(2n ** 62n, 2n ** 62n + 2n ** 32n)).toBe(4.294967296);
});

test('is what the difference as a number gives, exact to 2^53 ns, at any time', () => {
  const nanoseconds = fc.bigInt({ min: -(2n ** 53n), max: 2n ** 53n });
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 2n ** 60n }), nanoseconds, (start, elapsed) => {
      expect(secondsBetween(start, start + elapsed)).toBe(Number(elapsed) * 1e-9);
    }),
  );
});

test('the process clock never runs backwards', () => {
  const readings = Array.from({ length: 100 }, () => processClock());
  expect(readings).toEqual([...readings].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
});
