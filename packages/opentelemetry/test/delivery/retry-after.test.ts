/** The header Retry-After. */
import { expect, test } from 'vitest';
import { retryAfterMs } from '../../src/delivery/retry-after.js';

const NOW_MS = Date.UTC(2026, 10, 27, 12, 0, 0);

test.each([
  ['30', 30_000],
  [' 0 ', 0],
  ['Fri, 27 Nov 2026 12:01:00 GMT', 60_000],
  ['Fri, 27 Nov 2026 11:59:00 GMT', 0],
  ['-5', undefined],
  ['1.5', undefined],
  ['soon', undefined],
  ['', undefined],
  [null, undefined],
])('%j', (header, expected) => {
  expect(retryAfterMs(header, NOW_MS)).toBe(expected);
});
