/** The clock that durations are read from. */
import { processClock, secondsBetween } from '@tsukimi/metrics';
import { expect, test } from 'vitest';

test('seconds between two readings', () => {
  expect(secondsBetween(1n, 1_500_000_001n)).toBe(1.5);
  expect(secondsBetween(5n, 5n)).toBe(0);
  expect(secondsBetween(5n, 4n)).toBe(-1e-9);
});

test('the process clock never runs backwards', () => {
  const readings = Array.from({ length: 100 }, () => processClock());
  expect(readings).toEqual([...readings].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
});
