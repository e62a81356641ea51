/** Moving and magnifying the map. */
import { expect, test } from 'vitest';
import { first, fitted, LARGEST, moved, SMALLEST, showing, zoomed } from '../../../app/map/viewport.js';

const SEEN = { width: 1032, height: 532 };

test('a small map is in the middle, and not magnified', () => {
  expect(fitted({ width: 332, height: 132 }, SEEN)).toEqual({ scale: 1, x: 350, y: 200 });
});

test('a large map is made to fit', () => {
  expect(fitted({ width: 2000, height: 200 }, SEEN)).toEqual({ scale: 0.5, x: 16, y: 216 });
});

test('a map that would be too small to read begins at its left, at half its height', () => {
  expect(first({ width: 4000, height: 5000 }, SEEN)).toEqual({ scale: 0.6, x: 16, y: -1234 });
  expect(first({ width: 4000, height: 200 }, SEEN)).toEqual({ scale: 0.6, x: 16, y: 206 });
  expect(first({ width: 332, height: 132 }, SEEN)).toEqual({ scale: 1, x: 350, y: 200 });
});

test('a map of no size, or one that is not seen yet, has a scale', () => {
  expect(fitted({ width: 0, height: 0 }, SEEN).scale).toBe(1);
  expect(fitted({ width: 100, height: 100 }, { width: 0, height: 0 }).scale).toBe(SMALLEST);
});

test('what is under the pointer stays there', () => {
  const before = { scale: 0.5, x: 10, y: 20 };
  const at = { x: 300, y: 200 };
  const after = zoomed(before, at, 1.6);
  const place = ({ x, y, scale }: typeof before) => [(at.x - x) / scale, (at.y - y) / scale];
  expect(after.scale).toBe(0.8);
  expect(place(after)[0]).toBeCloseTo(place(before)[0] as number);
  expect(place(after)[1]).toBeCloseTo(place(before)[1] as number);
  expect(zoomed(before, at, 1000).scale).toBe(LARGEST);
  expect(zoomed(before, at, 1e-9).scale).toBe(SMALLEST);
});

test('the map can not be lost', () => {
  const sizes = { content: { width: 400, height: 300 }, seen: SEEN };
  expect(moved({ scale: 1, x: 0, y: 0 }, { x: 5, y: -5 }, sizes)).toEqual({ scale: 1, x: 5, y: -5 });
  expect(moved({ scale: 1, x: 0, y: 0 }, { x: 1e6, y: -1e6 }, sizes)).toEqual({ scale: 1, x: 1000, y: -268 });
});

test('a part comes into sight by the least move', () => {
  const part = { width: 100, height: 50 };
  const before = { scale: 1, x: 0, y: 0 };
  expect(showing(before, { x: 500, y: 200, ...part }, SEEN)).toEqual(before);
  expect(showing(before, { x: 1000, y: -10, ...part }, SEEN)).toEqual({ scale: 1, x: -84, y: 26 });
});
