/** What a profile says, in rows and in words. */
import { expect, test } from 'vitest';
import type { ProfileReport } from '../../../app/profile/report.js';
import { rowsOf } from '../../../app/profile/rows.js';
import { failureOf } from '../../../app/profile/run.js';

const callees = { with_callees: 60, with_callees_share: 0.6 };
const NONE = { self: 0, share: 0 };
const REPORT: ProfileReport = {
  kind: 'cpu',
  unit: 'milliseconds',
  started_at: '2026-01-01T12:00:00.000Z',
  duration_seconds: 1,
  samples: 1000,
  total: 100,
  methods: [
    { component: 'A', method: 'one', is_shared: false, place: 'a.js:1', self: 10, share: 0.1, ...callees },
    { component: 'A', method: 'two', is_shared: false, place: 'a.js:9', self: 40, share: 0.4, ...callees },
  ],
  components: [{ component: 'A', self: 50, share: 0.5, ...callees }],
  outside: { self: 30, share: 0.3, functions: [{ name: 'main', place: 'm.js:1', self: 30, share: 0.3 }] },
  measuring: { ...NONE, calls: NONE, requests: NONE, reading: NONE, other: NONE },
  garbage_collection: { self: 20, share: 0.2 },
  native: { self: 0, share: 0 },
  tree: { name: '(root)', self: 0, total: 100, children: [] },
};

const shown = (by: Parameters<typeof rowsOf>[1]) => rowsOf(REPORT, by).map(({ name, self, withCallees }) => [name, self, withCallees]);

test('methods, with what is not theirs, add up to the whole', () => {
  expect(shown('methods')).toEqual([
    ['A.two', 40, 60],
    ['Outside any component', 30, null],
    ['Garbage collection', 20, null],
    ['A.one', 10, 60],
  ]);
  expect(rowsOf(REPORT, 'methods').reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
});

test('components, and functions outside of them', () => {
  expect(shown('components').map(([name]) => name)).toEqual(['A', 'Outside any component', 'Garbage collection']);
  expect(shown('outside')).toEqual([['main', 30, null]]);
});

test('what measures says what it is for', () => {
  const measuring = {
    self: 10,
    share: 0.1,
    calls: { self: 4, share: 0.04 },
    requests: NONE,
    reading: { self: 6, share: 0.06 },
    other: NONE,
  };
  expect(rowsOf({ ...REPORT, measuring }, 'methods').find(({ key }) => key === '(measuring)')?.about).toBe(
    'The code of Tsukimi: calls 4.00\u202f%, reading metrics 6.00\u202f%',
  );
});

test("a refusal has a title, and the application's own words", () => {
  expect(failureOf({ error: 'TSK_ERR_PROFILE_BUSY', message: 'A CPU profile of 10 s runs for 127.0.0.1.' }, 409)).toEqual({
    title: 'Another profile is running.',
    message: 'A CPU profile of 10 s runs for 127.0.0.1.',
  });
  expect(failureOf('Not found', 404)).toEqual({ title: 'There is no profile.', message: 'The application answered with status 404.' });
});
