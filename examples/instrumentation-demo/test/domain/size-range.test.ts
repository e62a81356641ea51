import { expect, it } from 'vitest';
import { sizeRange } from '../../src/domain/size-range.js';

it.each([
  [0, '0'],
  [1, '1-10'],
  [10, '1-10'],
  [11, '11-100'],
  [100, '11-100'],
  [101, '101-1000'],
  [1_000, '101-1000'],
  [1_001, '1001+'],
  [1_000_000, '1001+'],
])('%i is in the range %s', (count, range) => {
  expect(sizeRange(count)).toBe(range);
});
