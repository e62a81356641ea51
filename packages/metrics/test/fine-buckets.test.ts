/** The exponential buckets against a plain reference, and exactly at their bounds. */
import { BUCKETS_PER_OCTAVE, Distribution } from '@tsukimi/metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

const LOWEST = -30 * BUCKETS_PER_OCTAVE;
const HIGHEST = 41 * BUCKETS_PER_OCTAVE - 1;

/** The index of the fine bucket that a value is counted in. */
function indexOf(value: number): number {
  const distribution = new Distribution([]);
  distribution.record(value);
  expect(distribution.fine.filter((amount) => amount > 0)).toEqual([1]);
  return distribution.fineOffset + distribution.fine.indexOf(1);
}

/** The upper bound of a bucket, as exact as a double can be. */
const upperBound = (index: number): number => {
  const octave = Math.floor(index / BUCKETS_PER_OCTAVE);
  return 2 ** ((index - octave * BUCKETS_PER_OCTAVE) / BUCKETS_PER_OCTAVE) * 2 ** octave;
};

/** The neighbour of a positive double. */
function next(value: number, step: 1n | -1n): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  view.setBigUint64(0, view.getBigUint64(0) + step);
  return view.getFloat64(0);
}

test('agrees with the logarithm', () => {
  const value = fc.double({ min: 2 ** -30, max: 2 ** 40, noNaN: true });
  fc.assert(
    fc.property(value, (v) => {
      const exact = Math.log2(v) * BUCKETS_PER_OCTAVE;
      // The logarithm rounds: right at a bound it can't tell the side, and the test below does.
      fc.pre(Math.abs(exact - Math.round(exact)) > 1e-9);
      // Math.ceil gives -0 between -1 and 0.
      expect(indexOf(v)).toBe(Math.ceil(exact) + 0);
    }),
    { numRuns: 2000 },
  );
});

test('a value at a bound belongs to the lower bucket, its upper neighbour to the next: at every bound', () => {
  for (let index = LOWEST + 1; index < HIGHEST; index += 1) {
    const bound = upperBound(index);
    expect([indexOf(next(bound, -1n)), indexOf(bound), indexOf(next(bound, 1n))]).toEqual([index, index, index + 1]);
  }
});

describe('the ends', () => {
  test('powers of two are the upper bounds of whole octaves', () => {
    expect([indexOf(0.25), indexOf(0.5), indexOf(1), indexOf(2), indexOf(1024)]).toEqual([-32, -16, 0, 16, 160]);
  });

  test('what is below a nanosecond is clamped', () => {
    expect([2 ** -30, 1e-10, 1e-300, 2 ** -1022, 2 ** -1023, Number.MIN_VALUE].map(indexOf)).toEqual(
      Array.from({ length: 6 }, () => LOWEST),
    );
    expect(indexOf(next(2 ** -30, 1n))).toBe(LOWEST + 1);
  });

  test('what is above the last whole octave, the one that 2^40 begins, is clamped', () => {
    expect([next(2 ** 41, -1n), 2 ** 41, next(2 ** 41, 1n), 1e300, Number.MAX_VALUE].map(indexOf)).toEqual(
      Array.from({ length: 5 }, () => HIGHEST),
    );
    expect(indexOf(2 ** 40)).toBe(40 * BUCKETS_PER_OCTAVE);
  });

  test('bound the memory', () => {
    const distribution = new Distribution([]);
    for (const value of [Number.MIN_VALUE, Number.MAX_VALUE, 1]) distribution.record(value);
    expect(distribution.fine.length).toBeLessThanOrEqual(71 * BUCKETS_PER_OCTAVE);
    expect(distribution.fine.reduce((sum, amount) => sum + amount)).toBe(3);
  });
});
