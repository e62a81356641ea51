/** Numbers and times as the page writes them. */
import { expect, test } from 'vitest';
import { clock, clocks } from '../../../app/parts/format.js';

test('times on an axis all have seconds, or none of them', () => {
  const minute = 1_800_000_000;
  expect(clocks([minute, minute + 60])).toEqual([clock(minute).slice(0, 5), clock(minute + 60).slice(0, 5)]);
  expect(clocks([minute, minute + 15])).toEqual([clock(minute), clock(minute + 15)]);
  expect(clocks([])).toEqual([]);
});
