/** Quantiles of what a histogram has recorded between two reads. */
import { DeltaReader, type HistogramFamily, MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { intervalQuantile } from '../src/interval-quantile.js';

const point = { labels: {}, count: 10, sum: 0 };

describe('with classic buckets', () => {
  test.each([
    [0.1, 0.25],
    [0.4, 1],
    [0.8, 2],
    [0.9, 2],
    [1, 2],
  ])('the quantile %d is %d', (q, value) => {
    expect(intervalQuantile({ ...point, buckets: [4, 4, 2] }, [1, 2], q)).toBe(value);
  });

  test('of no values, there is none', () => {
    expect(intervalQuantile({ ...point, count: 0, buckets: [0, 0] }, [1], 0.5)).toBeUndefined();
  });
});

test('with fine buckets, it is at most 2.2 % off, and of the values since the last read only', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 40 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      async (values, q) => {
        const registry = new MetricsRegistry();
        const histogram = registry.histogram({ name: 'h', help: 'h' });
        const reader = new DeltaReader(registry);
        for (const before of [1e-9, 1e9]) histogram.observe(before);
        await reader.read();
        for (const value of values) histogram.observe(value);
        const { families } = await reader.read();
        const { points, bounds } = families.find(({ name }) => name === 'h') as HistogramFamily;
        const sorted = values.toSorted((one, other) => one - other);
        const exact = sorted[Math.max(1, Math.ceil(q * values.length - 1e-9)) - 1] as number;
        const shown = intervalQuantile(points[0] as never, bounds, q) as number;
        expect(Math.abs(shown / exact - 1)).toBeLessThan(0.022);
      },
    ),
    { numRuns: 30 },
  );
});
