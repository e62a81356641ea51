/** How tasks stand, and in which order. */
import { expect, test } from 'vitest';
import { inOrder, stateOf } from '../../../app/scheduler/order.js';
import type { TaskRow } from '../../../src/api-types.js';

function task(key: string, more: Partial<TaskRow> = {}): TaskRow {
  const latency = { p50: null, p95: null, p99: null, average: null };
  const never = { nextRun: null, lastRun: null, lastDuration: null, lastError: null };
  return { key, trigger: 'every 10 s', isRunning: false, executions: 0, failures: 0, ...never, latency, runs: [], ...more };
}

test('a task runs, has failed, has succeeded, or has not run yet', () => {
  const ran = { lastRun: 1 };
  expect(stateOf(task('a', { ...ran, isRunning: true, lastError: 'RangeError' }))).toBe('running');
  expect(stateOf(task('a', { ...ran, lastError: 'RangeError' }))).toBe('failed');
  expect(stateOf(task('a', ran))).toBe('succeeded');
  expect(stateOf(task('a'))).toBe('not yet');
});

test('what failed comes first, then what runs next', () => {
  const tasks = [
    task('never'),
    task('later', { nextRun: 20 }),
    task('b', { nextRun: 10 }),
    task('a', { nextRun: 10 }),
    task('failed', { nextRun: 99, lastError: 'E' }),
  ];
  expect(inOrder(tasks).map(({ key }) => key)).toEqual(['failed', 'a', 'b', 'later', 'never']);
});
