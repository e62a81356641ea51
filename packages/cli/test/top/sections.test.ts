import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Row } from '../../src/top/rates.js';
import { SORT_KEYS, type SortKey, sortRows } from '../../src/top/sections.js';

const ROWS: readonly Row[] = [
  { name: 'idle', total: 0, errors: 0, ratePerSecond: 0, errorsPerSecond: 0, p95Ms: null },
  { name: 'busy', total: 900, errors: 3, ratePerSecond: 50, errorsPerSecond: 0, p95Ms: 0.2 },
  { name: 'failing', total: 40, errors: 20, ratePerSecond: 2, errorsPerSecond: 1.5, p95Ms: 8 },
  { name: 'Slow', total: 40, errors: 5, ratePerSecond: 0, errorsPerSecond: 0, p95Ms: 2500 },
];

it.each<[SortKey, string[]]>([
  ['rate', ['busy', 'failing', 'Slow', 'idle']],
  ['errors', ['failing', 'Slow', 'busy', 'idle']],
  ['p95', ['Slow', 'failing', 'busy', 'idle']],
  ['name', ['Slow', 'busy', 'failing', 'idle']],
])('by %s', (key, names) => {
  expect(sortRows(ROWS, key).map(({ name }) => name)).toEqual(names);
});

it('by rate falls back to totals before there is a rate', () => {
  const first = ROWS.map((row) => ({ ...row, ratePerSecond: null, errorsPerSecond: null }));
  expect(sortRows(first, 'rate').map(({ name }) => name)).toEqual(['busy', 'Slow', 'failing', 'idle']);
});

it('does not depend on the order in which the application lists them', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...ROWS], { minLength: ROWS.length }), fc.constantFrom(...SORT_KEYS), (shuffled, key) => {
      expect(sortRows(shuffled, key)).toEqual(sortRows(ROWS, key));
    }),
  );
});
