/** Distributions: exact counts, quantiles within 2.5 %, and merging that equals having seen both. */
import { Distribution, type DistributionSnapshot } from '@tsukimi/metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const BOUNDS = [0.001, 0.01, 0.1, 1, 10, 100];
const QUANTILES = [0, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99, 0.999, 1];

function distributionOf(values: readonly number[], bounds: readonly number[] = BOUNDS): Distribution {
  const distribution = new Distribution(bounds);
  for (const value of values) distribution.record(value);
  return distribution;
}

/** The smallest value that at least a share of all values lie at or below. */
function nearestRank(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const rank = sorted.findIndex((_, index) => (index + 1) / sorted.length >= q);
  return sorted[rank === -1 ? sorted.length - 1 : rank] as number;
}

const reals = fc.array(fc.double({ min: 1e-6, max: 1e3, noNaN: true }), { minLength: 1, maxLength: 300 });
// Spread over the octaves, as durations are; uniform doubles of fast-check favour the extremes.
const durations = fc.array(
  fc.double({ min: Math.log(1e-9), max: Math.log(1e3), noNaN: true }).map((exponent) => Math.exp(exponent)),
  { minLength: 1, maxLength: 300 },
);
const integers = fc.array(fc.nat({ max: 1_000_000 }), { minLength: 1, maxLength: 300 });

describe('quantile', () => {
  test.each([
    ['reals', reals],
    ['durations', durations],
    ['integers', integers],
  ])('of random %s is within 2.5 %% of the exact nearest rank', (_, values) => {
    fc.assert(
      fc.property(values, fc.constantFrom(...QUANTILES), (given, q) => {
        const exact = nearestRank(given, q);
        expect(Math.abs(distributionOf(given).quantile(q) - exact)).toBeLessThanOrEqual(exact * 0.025);
      }),
      { numRuns: 500 },
    );
  });

  test('takes the nearest rank, not the one that rounding errors make of it', () => {
    // 0.07 * 100 is 7.000000000000001.
    const values = Array.from({ length: 100 }, (_, index) => 2 ** (index / 4));
    for (let percent = 1; percent <= 100; percent += 1) {
      const exact = values[percent - 1] as number;
      expect(Math.abs(distributionOf(values).quantile(percent / 100) / exact - 1)).toBeLessThan(0.025);
    }
  });

  test('of one observation is that observation', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, noNaN: true, noDefaultInfinity: true }), fc.double({ min: 0, max: 1, noNaN: true }), (value, q) => {
        expect(distributionOf([value]).quantile(q)).toBe(value);
      }),
    );
  });

  test('of equal observations is that observation', () => {
    expect(QUANTILES.map((q) => distributionOf([0.3, 0.3, 0.3]).quantile(q))).toEqual(QUANTILES.map(() => 0.3));
  });

  test('never falls while q grows, and stays between min and max', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e15, noNaN: true }), { minLength: 1 }), (values) => {
        const quantiles = QUANTILES.map((q) => distributionOf(values).quantile(q));
        expect(quantiles).toEqual([...quantiles].sort((a, b) => a - b));
        expect(quantiles[0]).toBe(Math.min(...values));
        expect(quantiles.at(-1)).toBe(Math.max(...values));
      }),
    );
  });

  test('zeros have their place', () => {
    const distribution = distributionOf([0, 0, 0, 5, 5]);
    expect([0, 0.5, 0.6, 1].map((q) => distribution.quantile(q))).toEqual([0, 0, 0, 5]);
    expect(distribution.quantile(0.7)).toBe(5);
  });

  test('is NaN of nothing and at NaN; beyond 0 and 1 it is the ends', () => {
    expect(new Distribution(BOUNDS).quantile(0.5)).toBeNaN();
    expect(distributionOf([1, 2, 3]).quantile(Number.NaN)).toBeNaN();
    expect(distributionOf([1, 2, 3]).quantile(-1)).toBe(1);
    expect(distributionOf([1, 2, 3]).quantile(2)).toBe(3);
  });
});

describe('record', () => {
  test('keeps count, sum, extremes and classic buckets exactly', () => {
    const distribution = distributionOf([0.0005, 0.001, 0.002, 0.5, 100, 101, 0]);
    expect(distribution.snapshot()).toMatchObject({ count: 7, sum: 201.5035, min: 0, max: 101, zeros: 1, buckets: [3, 1, 0, 1, 0, 1, 1] });
  });

  test('agrees with counting by hand', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1000, noNaN: true })), (values) => {
        const expected = [...BOUNDS, Number.POSITIVE_INFINITY].map(
          (bound, index) => values.filter((value) => value <= bound && value > (BOUNDS[index - 1] ?? -1)).length,
        );
        const { buckets, count, zeros, fine } = distributionOf(values).snapshot();
        expect(buckets).toEqual(expected);
        expect(count).toBe(values.length);
        expect(zeros + fine.reduce((sum, amount) => sum + amount, 0)).toBe(values.length);
      }),
    );
  });
});

describe('merge', () => {
  const values = fc.array(fc.double({ min: 0, max: 1e4, noNaN: true }), { maxLength: 100 });

  test('of two equals the union: count, extremes, buckets and every quantile', () => {
    fc.assert(
      fc.property(values, values, (first, second) => {
        const merged = distributionOf(first);
        merged.merge(distributionOf(second));
        const union = distributionOf([...first, ...second]);
        const { sum, fine: _f, fineOffset: _o, ...exact } = merged.snapshot();
        expect(union.snapshot()).toMatchObject(exact);
        expect(sum).toBeCloseTo(union.sum, 6);
        expect(QUANTILES.map((q) => merged.quantile(q))).toEqual(QUANTILES.map((q) => union.quantile(q)));
      }),
    );
  });

  test('of a snapshot that went through JSON is the same', () => {
    fc.assert(
      fc.property(values, values, (first, second) => {
        const plain = JSON.parse(JSON.stringify(distributionOf(second).snapshot())) as DistributionSnapshot;
        const [direct, throughJson] = [distributionOf(first), distributionOf(first)];
        direct.merge(distributionOf(second));
        throughJson.merge(plain);
        expect(throughJson.snapshot()).toEqual(direct.snapshot());
      }),
    );
  });

  test('with itself doubles every count', () => {
    const distribution = distributionOf([0, 0.5, 3]);
    distribution.merge(distribution);
    expect(distribution.snapshot()).toMatchObject({ count: 6, sum: 7, min: 0, max: 3, zeros: 2, buckets: [2, 0, 0, 2, 2, 0, 0] });
  });

  test('leaves the other as it was', () => {
    const other = distributionOf([1, 2, 3]);
    const before = other.snapshot();
    distributionOf([1e-6, 1e6]).merge(other);
    expect(other.snapshot()).toEqual(before);
  });
});

test('a snapshot is a copy, and null stands for the extremes of nothing', () => {
  const distribution = new Distribution([1]);
  const empty = distribution.snapshot();
  distribution.record(5);
  expect(empty).toEqual({ count: 0, sum: 0, min: null, max: null, buckets: [0, 0], zeros: 0, fineOffset: 0, fine: [] });
});

test('reset forgets everything', () => {
  const distribution = distributionOf([0, 1, 1e6]);
  distribution.reset();
  expect(distribution.snapshot()).toEqual(new Distribution(BOUNDS).snapshot());
  distribution.record(0.5);
  expect(distribution.quantile(0.5)).toBe(0.5);
});

describe('beyond the range', () => {
  test.each([1e-6, 1.0000001e-6, 999.9999, 1000])('%d s is within: its quantile is at most 2.2 %% off', (value) => {
    const distribution = distributionOf([value / 2, value, value * 2]);
    expect(Math.abs(distribution.quantile(0.5) / value - 1)).toBeLessThan(0.022);
  });

  test.each([2 ** -31, 1e-300, Number.MIN_VALUE, 2 ** 41, 1e300, Number.MAX_VALUE])('%d is clamped and counted, never lost', (value) => {
    const distribution = distributionOf([value, 1, value]);
    const { count, zeros, fine, buckets } = distribution.snapshot();
    expect(count).toBe(3);
    expect(zeros + fine.reduce((sum, amount) => sum + amount, 0)).toBe(3);
    expect(buckets.reduce((sum, amount) => sum + amount, 0)).toBe(3);
    expect([distribution.min, distribution.max]).toEqual([Math.min(1, value), Math.max(1, value)]);
    expect(distribution.quantile(value < 1 ? 0 : 1)).toBe(value);
  });

  test('memory is bounded whatever comes', () => {
    const distribution = distributionOf([Number.MIN_VALUE, Number.MAX_VALUE, 0]);
    expect(distribution.snapshot().fine.length).toBeLessThanOrEqual(71 * 16);
  });
});
