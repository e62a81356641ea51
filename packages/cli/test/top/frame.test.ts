import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { widthOf } from '../../src/top/fit.js';
import { type FrameContent, layFrame } from '../../src/top/frame.js';
import type { Row } from '../../src/top/rates.js';

function row(name: string, values: Partial<Row> = {}): Row {
  return { name, total: 0, errors: 0, ratePerSecond: 0, errorsPerSecond: 0, p95Ms: null, ...values };
}

function content(routes: readonly Row[], changes: Partial<FrameContent> = {}): FrameContent {
  return {
    url: 'http://127.0.0.1:8000/metrics',
    reading: { atMs: 0, uptimeSeconds: 130, inFlight: 3, routes: undefined, methods: undefined },
    rows: { routes, methods: [], elapsedSeconds: 1 },
    choice: { view: 'routes', sort: 'name', limit: Number.POSITIVE_INFINITY },
    offset: 0,
    trouble: undefined,
    ...changes,
  };
}

const textOf = (given: FrameContent, columns: number, rows: number) =>
  layFrame(given, { columns, rows }).lines.map(({ text }) => text.trimEnd());

const TWO = [
  row('GET /moon/:night', { total: 1234, errors: 5, ratePerSecond: 12.345, errorsPerSecond: 0.05, p95Ms: 0.285 }),
  row('POST /moon', { total: 7, ratePerSecond: 1500, p95Ms: 12.5 }),
];

describe('a frame', () => {
  it('says whose numbers these are, what they mean, and shows them', () => {
    expect(textOf(content(TWO), 90, 9)).toEqual([
      'http://127.0.0.1:8000/metrics  up 2m 10s  3 in flight',
      'rates over the last 1.0 s; totals and p95 since the application started; sorted by name',
      'ROUTE OR METHOD     TOTAL  RATE/S  ERRORS  ERRORS/S  P95 MS',
      'Routes (2)',
      '  GET /moon/:night   1234    12.3       5    0.0500   0.285',
      '  POST /moon            7    1500       0         0    12.5',
      '',
      '',
      'q quit  r rate  e errors  p p95  n name  tab routes/methods  ↑↓ scroll',
    ]);
  });

  it('leaves the less important columns out where it is narrow, and cuts names last', () => {
    expect(textOf(content(TWO), 44, 8)[2]).toBe('ROUTE OR METHOD     RATE/S  ERRORS/S  P95 MS');
    // One column less, and a name would have to be cut: a column of numbers goes first.
    expect(textOf(content(TWO), 43, 8).slice(2, 5)).toEqual([
      'ROUTE OR METHOD     RATE/S  ERRORS/S',
      'Routes (2)',
      '  GET /moon/:night    12.3    0.0500',
    ]);
    expect(textOf(content(TWO), 34, 8).slice(2, 5)).toEqual([
      'ROUTE OR METHOD   RATE/S  ERRORS/S',
      'Routes (2)',
      '  GET /moon/:ni…    12.3    0.0500',
    ]);
    expect(textOf(content(TWO), 10, 8).slice(2, 5)).toEqual(['ROUTE OR …', 'Routes (2)', '  GET /mo…']);
  });

  it('drops its own lines before those of the table if there are few rows', () => {
    expect(textOf(content(TWO), 60, 4)[0]).toMatch(/^ROUTE OR METHOD/);
    expect(textOf(content(TWO, { trouble: 'no answer for 3 s' }), 60, 4)[0]).toBe('no answer for 3 s');
    expect(textOf(content(TWO), 60, 0)).toEqual([]);
  });

  it('shows the page at the offset, says which, and does not scroll past the end', () => {
    const many = Array.from({ length: 20 }, (_, index) => row(`route ${String(index).padStart(2, '0')}`));
    const { lines, offset, pageRows } = layFrame(content(many, { offset: 1000 }), { columns: 100, rows: 10 });
    expect({ offset, pageRows }).toEqual({ offset: 15, pageRows: 6 });
    expect(lines[3]?.text.trim()).toMatch(/^route 14 /);
    expect(lines[8]?.text.trim()).toMatch(/^route 19 /);
    expect(lines[9]?.text).toMatch(/16-21 of 21$/);
  });

  it('shows the trouble in place of what the numbers mean', () => {
    expect(layFrame(content(TWO, { trouble: 'no answer for 3 s, trying again' }), { columns: 80, rows: 10 }).lines[1]).toEqual({
      text: 'no answer for 3 s, trying again',
      style: 'alert',
    });
  });

  it('says what is not measured', () => {
    const given = content([], {
      rows: { routes: undefined, methods: [], elapsedSeconds: 1 },
      choice: { view: 'both', sort: 'rate', limit: 5 },
    });
    expect(textOf(given, 80, 10).slice(3, 7)).toEqual([
      'Routes (0)',
      '  not measured: put @Instrumented() on the application class',
      'Methods (0)',
      '  no measured methods',
    ]);
  });

  it('shows at most so many rows, and how many there are', () => {
    const given = content(TWO, { choice: { view: 'routes', sort: 'p95', limit: 1 } });
    expect(textOf(given, 80, 8).slice(3, 6)).toEqual(['Routes (2)', '  POST /moon          7    1500       0         0    12.5', '']);
  });

  it('keeps columns straight under wide characters', () => {
    const given = content([row('GET /月見/:夜'), row('GET /moon')]);
    const [first = '', second = ''] = layFrame(given, { columns: 80, rows: 10 })
      .lines.slice(4, 6)
      .map(({ text }) => text);
    expect([first, second].map((text) => [text.trim().slice(0, 9), widthOf(text)])).toEqual([
      ['GET /moon', 57],
      ['GET /月見/:', 57],
    ]);
  });

  it('never is wider or higher than the terminal, and never holds a control character, whatever the names', () => {
    const names = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('\u001B[2J', '\u202Eevil', '月'.repeat(99)),
    );
    const numbers = fc.oneof(fc.double({ min: 0, max: 1e15, noNaN: true }), fc.constant(null));
    const rows = fc.array(
      fc.record({ name: names, total: fc.nat(), errors: fc.nat(), ratePerSecond: numbers, errorsPerSecond: numbers, p95Ms: numbers }),
    );
    fc.assert(
      fc.property(rows, names, fc.integer({ min: 1, max: 150 }), fc.integer({ min: 1, max: 40 }), (given, trouble, columns, height) => {
        const { lines } = layFrame(content(given, { trouble, url: trouble }), { columns, rows: height });
        expect(lines).toHaveLength(height);
        for (const { text } of lines) {
          expect(widthOf(text)).toBeLessThanOrEqual(columns);
          expect(text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        }
      }),
    );
  });
});
