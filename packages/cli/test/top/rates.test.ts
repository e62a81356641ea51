import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rowsOf } from '../../src/top/rates.js';
import type { Counts, Reading } from '../../src/top/reading.js';

type Numbers = readonly [total: number, errors: number, p95Ms?: number | null];

function reading(atMs: number, routes: Readonly<Record<string, Numbers>>, uptimeSeconds?: number): Reading {
  const counts = Object.entries(routes).map(([name, [total, errors, p95Ms = null]]): [string, Counts] => [name, { total, errors, p95Ms }]);
  return { atMs, uptimeSeconds, inFlight: 0, routes: new Map(counts), methods: undefined };
}

describe('rates', () => {
  it('are what was added between two readings, for each second of the application’s clock', () => {
    const before = reading(10_000, { '/a': [100, 4, 9], '/b': [7, 7] });
    const now = reading(12_500, { '/a': [150, 14, 12.5], '/b': [7, 7] });
    expect(rowsOf(now, before)).toEqual({
      elapsedSeconds: 2.5,
      methods: undefined,
      routes: [
        { name: '/a', total: 150, errors: 14, ratePerSecond: 20, errorsPerSecond: 4, p95Ms: 12.5 },
        { name: '/b', total: 7, errors: 7, ratePerSecond: 0, errorsPerSecond: 0, p95Ms: null },
      ],
    });
  });

  it('are unknown with one reading', () => {
    expect(rowsOf(reading(1000, { '/a': [3, 1] })).routes).toEqual([
      { name: '/a', total: 3, errors: 1, ratePerSecond: null, errorsPerSecond: null, p95Ms: null },
    ]);
  });

  it('count a route that is new from zero', () => {
    const [row] = rowsOf(reading(2000, { '/new': [6, 2] }), reading(0, {})).routes ?? [];
    expect(row).toMatchObject({ ratePerSecond: 3, errorsPerSecond: 1 });
  });

  it('count every route from zero if any counter has fallen, because the application was restarted', () => {
    const before = reading(0, { '/a': [100, 0], '/b': [1, 0] });
    const rows = rowsOf(reading(2000, { '/a': [10, 2], '/b': [5, 0] }), before).routes;
    expect(rows?.map(({ ratePerSecond, errorsPerSecond }) => [ratePerSecond, errorsPerSecond])).toEqual([
      [5, 1],
      [2.5, 0],
    ]);
  });

  it('see a new start whose counters are already past the old ones by its uptime', () => {
    const rows = rowsOf(reading(2000, { '/a': [10, 0] }, 1), reading(0, { '/a': [4, 0] }, 60)).routes;
    expect(rows?.[0]?.ratePerSecond).toBe(5);
  });

  it.each([0, -1000])('are unknown where the clock has moved by %i ms', (byMs) => {
    const rows = rowsOf(reading(5000 + byMs, { '/a': [9, 1] }), reading(5000, { '/a': [2, 0] }));
    expect(rows.elapsedSeconds).toBeNull();
    expect(rows.routes?.[0]).toMatchObject({ total: 9, ratePerSecond: null, errorsPerSecond: null });
  });

  it('are never negative and never NaN, whatever the readings say', () => {
    const numbers = fc.tuple(fc.nat(), fc.nat());
    const routes = fc.dictionary(fc.constantFrom('/a', '/b', '/c', '__proto__'), numbers);
    const anyReading = fc
      .tuple(fc.integer({ min: -10_000, max: 10_000 }), routes, fc.option(fc.nat(), { nil: undefined }))
      .map(([atMs, values, uptime]) => reading(atMs, values, uptime));
    fc.assert(
      fc.property(anyReading, anyReading, (now, before) => {
        for (const { ratePerSecond, errorsPerSecond } of rowsOf(now, before).routes ?? []) {
          for (const rate of [ratePerSecond, errorsPerSecond]) expect(rate === null || (Number.isFinite(rate) && rate >= 0)).toBe(true);
        }
      }),
    );
  });
});
