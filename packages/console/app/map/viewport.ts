/** What of the map is seen: moved and magnified. */
import type { Point } from './placement.js';

/** A point of the map is seen at `point * scale + (x, y)`. */
export interface Viewport extends Point {
  readonly scale: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const SMALLEST = 0.08;
export const LARGEST = 2.5;
const MARGIN = 16;
/** Below, names are too small to read. */
const READABLE = 0.6;

/** All of the map, in the middle, but never magnified. */
export function fitted(content: Size, seen: Size): Viewport {
  const fits = Math.min((seen.width - 2 * MARGIN) / content.width, (seen.height - 2 * MARGIN) / content.height);
  const scale = within(Number.isFinite(fits) ? Math.min(1, fits) : 1);
  return { scale, x: (seen.width - content.width * scale) / 2, y: (seen.height - content.height * scale) / 2 };
}

/** What is shown first: all of it, or, where that could not be read, as much as can be, from the left. */
export function first(content: Size, seen: Size): Viewport {
  const all = fitted(content, seen);
  if (all.scale >= READABLE) return all;
  // Routes stand at half the height.
  const x = Math.max(MARGIN, (seen.width - content.width * READABLE) / 2);
  return { scale: READABLE, x, y: (seen.height - content.height * READABLE) / 2 };
}

/** What is seen at a point stays there. */
export function zoomed(viewport: Viewport, at: Point, factor: number): Viewport {
  const scale = within(viewport.scale * factor);
  const by = scale / viewport.scale;
  return { scale, x: at.x - (at.x - viewport.x) * by, y: at.y - (at.y - viewport.y) * by };
}

/** Moved, but so that some of the map stays in sight. */
export function moved(viewport: Viewport, by: Point, { content, seen }: { readonly content: Size; readonly seen: Size }): Viewport {
  const { scale } = viewport;
  const between = (value: number, length: number, room: number) =>
    Math.min(room - 2 * MARGIN, Math.max(2 * MARGIN - length * scale, value));
  return { scale, x: between(viewport.x + by.x, content.width, seen.width), y: between(viewport.y + by.y, content.height, seen.height) };
}

/** The least move that brings a part of the map into sight. */
export function showing(viewport: Viewport, part: Point & Size, seen: Size): Viewport {
  const { scale } = viewport;
  const move = (start: number, length: number, room: number): number => {
    const [first, last] = [start, start + length * scale];
    if (first < MARGIN) return MARGIN - first;
    return last > room - MARGIN ? Math.max(room - MARGIN - last, MARGIN - first) : 0;
  };
  return {
    scale,
    x: viewport.x + move(part.x * scale + viewport.x, part.width, seen.width),
    y: viewport.y + move(part.y * scale + viewport.y, part.height, seen.height),
  };
}

function within(scale: number): number {
  return Math.min(LARGEST, Math.max(SMALLEST, scale));
}
