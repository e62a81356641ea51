/** Numbers and times as the page writes them. */
import { expect, test } from 'vitest';
import { bytes, clock, clocks, duration, number, percent, shortCount } from '../../../app/parts/format.js';

test('times on an axis all have seconds, or none of them', () => {
  const minute = 1_800_000_000;
  expect(clocks([minute, minute + 60])).toEqual([clock(minute).slice(0, 5), clock(minute + 60).slice(0, 5)]);
  expect(clocks([minute, minute + 15])).toEqual([clock(minute), clock(minute + 15)]);
  expect(clocks([])).toEqual([]);
});

/** Narrow spaces as plain ones. */
const plain = (text: string): string => text.replaceAll('\u202f', ' ');

test.each([
  [1e-7, '0.100 µs'],
  [5e-8, '50.0 ns'],
  [1e-10, '100 ps'],
  [3e-15, '3.0e-15 s'],
  [-5, '-5.00 s'],
  [-2e-4, '-200 µs'],
  [-300, '-5 min 0 s'],
  [1e15, '11.6 G d'],
  [null, '–'],
])('a duration of %s s is %s', (value, text) => {
  expect(plain(duration(value))).toBe(text);
});

test.each([
  [1e15, '1.00 P'],
  [-1_234_567, '-1.23 M'],
  [2e18, '2.00 E'],
  [1e308, '1.0e308'],
  [1e-7, '1.0e-7'],
])('the number %s is %s', (value, text) => {
  expect(plain(number(value))).toBe(text);
});

test.each([
  [1e9, '100 G %'],
  [-1e-5, '>-0.01 %'],
  [0.5, '50.0 %'],
])('the share %s is %s', (value, text) => {
  expect(plain(percent(value))).toBe(text);
});

test.each([
  [1 / 3, '0.33 B'],
  [1e18, '888 PiB'],
  [-123_456, '-121 KiB'],
])('%s bytes are %s', (value, text) => {
  expect(plain(bytes(value))).toBe(text);
});

test('a count is written whole as long as its column has room for it', () => {
  expect([9_999_999, 10_000_000, 27e15].map((value) => plain(shortCount(value)))).toEqual(['9,999,999', '10.0 M', '27.0 P']);
});
