/** Bounds that follow a rule: exact, ascending, or refused. */
import { exponentialBuckets, Histogram, linearBuckets } from '@tsukimi/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { thrownBy } from './support/open-registry.js';

test('linear', () => {
  expect(linearBuckets(0, 5, 4)).toEqual([0, 5, 10, 15]);
  expect(linearBuckets(7, 1, 1)).toEqual([7]);
});

test('bounds are the numbers one would write', () => {
  expect(linearBuckets(0.1, 0.1, 10)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
  expect(exponentialBuckets(0.001, 10, 5)).toEqual([0.001, 0.01, 0.1, 1, 10]);
});

test('exponential', () => {
  expect(exponentialBuckets(1, 2, 5)).toEqual([1, 2, 4, 8, 16]);
  expect(exponentialBuckets(0.5, 1.5, 3)).toEqual([0.5, 0.75, 1.125]);
});

test('whatever is given, a histogram takes what comes out', () => {
  const rules = fc.tuple(
    fc.double({ min: 1e-9, max: 1e9, noNaN: true }),
    fc.double({ min: 1.001, max: 100, noNaN: true }),
    fc.integer({ min: 1, max: 60 }),
  );
  fc.assert(
    fc.property(rules, fc.constantFrom(linearBuckets, exponentialBuckets), ([start, step, count], rule) => {
      const buckets = rule(start, step, count);
      expect(buckets).toHaveLength(count);
      expect(new Histogram({ registers: [], name: 'h', help: 'H.', buckets }).bounds).toEqual(buckets);
    }),
  );
});

test.each<[() => unknown, string]>([
  [() => linearBuckets(Number.NaN, 1, 3), 'linearBuckets(NaN, 1, 3): the start is not a finite number of 0 or more.'],
  [() => linearBuckets(-20, 10, 5), 'linearBuckets(-20, 10, 5): the start is not a finite number of 0 or more.'],
  [() => linearBuckets(0, 0, 3), 'linearBuckets(0, 0, 3): the width is not a finite number above 0.'],
  [() => linearBuckets(0, -1, 3), 'linearBuckets(0, -1, 3): the width'],
  [() => linearBuckets(0, 1, 0), 'linearBuckets(0, 1, 0): the count is not a whole number from 1 to 1000.'],
  [() => linearBuckets(0, 1, 2.5), 'the count is not'],
  [() => linearBuckets(0, 1, 1e9), 'the count is not'],
  [() => linearBuckets(1e300, 1, 3), 'its bounds run out of the range or the precision of numbers.'],
  [() => exponentialBuckets(0, 2, 3), 'exponentialBuckets(0, 2, 3): the start is not a finite number above 0.'],
  [() => exponentialBuckets(-1, 2, 3), 'the start is not a finite number above 0.'],
  [() => exponentialBuckets(1, 1, 3), 'exponentialBuckets(1, 1, 3): the factor is not a finite number above 1.'],
  [() => exponentialBuckets(1, Number.POSITIVE_INFINITY, 3), 'the factor is not a finite number above 1.'],
  [() => exponentialBuckets(1, 10, 400), 'its bounds run out of the range or the precision of numbers.'],
  [() => exponentialBuckets(1, 2, Number.NaN), 'the count is not'],
])('%s is refused', (call, message) => {
  const error = thrownBy(call);
  expect(error.code).toBe('TSK_ERR_METRIC_BUCKET_RULE');
  expect(error.message).toContain(message);
});
