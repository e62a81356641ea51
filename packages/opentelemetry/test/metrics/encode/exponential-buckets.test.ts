/** Exponential buckets: at each scale, every value lies within the bounds of the bucket that counts it. */
import { type HistogramFamily, MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exponentialBuckets } from '../../../src/metrics/encode/exponential-buckets.js';

/** The values of a registry's histogram, as it is read. */
async function fineOf(values: readonly number[]) {
  const registry = new MetricsRegistry();
  const histogram = registry.histogram({ name: 'values', help: '' });
  for (const value of values) histogram.observe(value);
  for await (const family of registry.read({ names: ['values'] })) {
    const fine = (family as HistogramFamily).points[0]?.fine;
    if (fine !== undefined) return fine;
  }
  throw new Error('there is no histogram');
}

test('property: the buckets count each value between their bounds, with no more filled ones than allowed', async () => {
  const value = fc.double({ min: 1e-9, max: 1e9, noNaN: true });
  await fc.assert(
    fc.asyncProperty(fc.array(value, { minLength: 1, maxLength: 40 }), fc.integer({ min: 8, max: 160 }), async (values, maxBuckets) => {
      const { scale, offset, counts } = exponentialBuckets(await fineOf(values), maxBuckets);
      expect(counts.filter((count) => count > 0).length).toBeLessThanOrEqual(maxBuckets);
      const indexes = values.map((each) => indexOf(each, scale));
      const expected = new Map<number, number>();
      for (const index of indexes) expected.set(index, (expected.get(index) ?? 0) + 1);
      const actual = new Map(counts.flatMap((count, position) => (count === 0 ? [] : [[offset + position, count] as const])));
      // At a bound, rounding decides: neighbours may differ there.
      const onBound = values.some((each) => Math.abs(Math.log2(each) * 2 ** scale - Math.round(Math.log2(each) * 2 ** scale)) < 1e-9);
      if (!onBound) expect(new Map([...actual].sort())).toEqual(new Map([...expected].sort()));
    }),
    { numRuns: 200 },
  );
});

test('powers of the base are the upper bounds of their buckets, at every scale', async () => {
  for (const maxBuckets of [160, 8]) {
    const values = Array.from({ length: 40 }, (_, index) => 2 ** (index - 20));
    const { scale, offset, counts } = exponentialBuckets(await fineOf(values), maxBuckets);
    const expected = new Map<number, number>();
    for (const each of values) expected.set(indexOf(each, scale), (expected.get(indexOf(each, scale)) ?? 0) + 1);
    const actual = counts.flatMap((count, position) => (count === 0 ? [] : [[offset + position, count]]));
    expect(actual).toEqual([...expected]);
  }
});

test('a histogram of zeros has no buckets', async () => {
  expect(exponentialBuckets(await fineOf([0, 0]), 160).counts).toEqual([]);
});

/** The bucket of a value by the definition of the data model: base^index < value <= base^(index + 1). */
function indexOf(value: number, scale: number): number {
  return Math.ceil(Math.log2(value) * 2 ** scale) - 1;
}
