/** How a process continues the schedules of another one. */
import { Cron } from 'croner';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Earlier, earlierOf } from '../../src/scheduling/duty.js';
import { cronTrigger, fixedDelayTrigger, fixedRateTrigger } from '../../src/scheduling/trigger.js';

const earlier = (given: Partial<Earlier>): Earlier => ({
  ceasedAgoMs: undefined,
  firstAgoMs: undefined,
  startedAgoMs: undefined,
  endedAgoMs: undefined,
  ...given,
});

test('a fixed rate counts from the last start, wherever that was', () => {
  const { first } = fixedRateTrigger(1000, 300);
  expect(first(5000)).toBe(5300);
  expect(first(5000, earlier({ ceasedAgoMs: 10 }))).toBe(5300);
  expect(first(5000, earlier({ ceasedAgoMs: 10, startedAgoMs: 400 }))).toBe(5600);
  expect(first(5000, earlier({ ceasedAgoMs: 10, startedAgoMs: 4000 }))).toBe(5000);
});

test('a fixed delay counts from the last end, which is that of its process for a run that was cut off', () => {
  const { first } = fixedDelayTrigger(1000, 300);
  expect(first(5000, earlier({ ceasedAgoMs: 10 }))).toBe(5300);
  expect(first(5000, earlier({ ceasedAgoMs: 10, startedAgoMs: 900, endedAgoMs: 400 }))).toBe(5600);
  expect(first(5000, earlier({ ceasedAgoMs: 10, startedAgoMs: 900 }))).toBe(5990);
  expect(first(5000, earlier({ ceasedAgoMs: 2000, startedAgoMs: 9000 }))).toBe(5000);
});

test('a cron expression is due at each of its times once, however often its process changes', () => {
  const minute = 60_000;
  const trigger = cronTrigger('', new Cron('* * * * *', { timezone: 'UTC' }));
  const lives = fc.array(fc.record({ livesMs: fc.integer({ min: 1, max: 5 * minute }), gapMs: fc.integer({ min: 0, max: 1500 }) }), {
    maxLength: 20,
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: minute }), lives, (beginMs, changes) => {
      let nowMs = beginMs;
      let last: { startedMs: number; ceasedMs: number } | undefined;
      let startedMs: number | undefined;
      const runs: number[] = [];
      for (const { livesMs, gapMs } of changes) {
        const endMs = nowMs + livesMs;
        const past = last && {
          firstAgoMs: nowMs - beginMs,
          ceasedAgoMs: nowMs - last.ceasedMs,
          startedAgoMs: startedMs === undefined ? undefined : nowMs - startedMs,
        };
        let dueMs = trigger.first(nowMs, past && earlier(past));
        while (dueMs !== undefined && dueMs <= endMs) {
          runs.push(dueMs);
          nowMs = Math.max(nowMs, dueMs);
          startedMs = nowMs;
          dueMs = trigger.next(dueMs, nowMs);
        }
        last = { startedMs: startedMs ?? 0, ceasedMs: endMs };
        nowMs = endMs + gapMs;
      }
      const lastMs = last?.ceasedMs ?? beginMs;
      const times = Array.from({ length: 200 }, (_, index) => (index + 1) * minute).filter(
        (timeMs) => timeMs > beginMs && timeMs <= lastMs,
      );
      expect(runs).toEqual(times);
    }),
  );
});

test('ages are never negative, also if the clock was set back', () => {
  const lastRuns = new Map([['a', { startedMs: Date.now() + 5000, endedMs: Date.now() + 6000 }]]);
  expect(earlierOf('a', { ceasedMs: Date.now() + 7000, firstMs: Date.now() + 1000, lastRuns })).toEqual({
    ceasedAgoMs: 0,
    firstAgoMs: 0,
    startedAgoMs: 0,
    endedAgoMs: 0,
  });
  expect(earlierOf('b', { ceasedMs: undefined, firstMs: undefined, lastRuns })).toEqual(earlier({}));
});
