/** How a node looks, and which one is next to another. */
import type { MapEdge, MapNode } from '../../src/api-types.js';
import type { Point } from './placement.js';

/** How bad the share of errors is: `idle` is without calls. */
export type Level = 'idle' | 'fine' | 'few' | 'some' | 'many';

export function levelOf({ errorRate, rate }: Pick<MapNode, 'errorRate' | 'rate'>): Level {
  if (rate === 0 || errorRate === null) return 'idle';
  if (errorRate === 0) return 'fine';
  return errorRate < 0.01 ? 'few' : errorRate < 0.05 ? 'some' : 'many';
}

const SMALLEST_RADIUS = 4;
const LARGEST_RADIUS = 18;

/** The area grows with the time spent, from the least to the most of all. */
export function radiusOf(busy: number, mostBusy: number): number {
  return mostBusy > 0 ? SMALLEST_RADIUS + (LARGEST_RADIUS - SMALLEST_RADIUS) * Math.sqrt(Math.min(1, busy / mostBusy)) : SMALLEST_RADIUS;
}

export type Direction = 'left' | 'right' | 'up' | 'down';

const AXES: Readonly<Record<Direction, Point>> = {
  left: { x: -1, y: 0 },
  right: { x: 1, y: 0 },
  up: { x: 0, y: -1 },
  down: { x: 0, y: 1 },
};

/** The nearest node in a direction, where way aside counts twice; undefined if there is none. */
export function neighbourOf(id: string, direction: Direction, places: ReadonlyMap<string, Point>): string | undefined {
  const from = places.get(id);
  if (from === undefined) return undefined;
  const axis = AXES[direction];
  let best: { readonly id: string; readonly way: number } | undefined;
  for (const [other, place] of places) {
    const [x, y] = [place.x - from.x, place.y - from.y];
    const ahead = x * axis.x + y * axis.y;
    const aside = Math.abs(x * axis.y) + Math.abs(y * axis.x);
    const way = ahead + 2 * aside;
    if (other !== id && ahead > 0 && ahead * 4 > aside && (best === undefined || way < best.way)) best = { id: other, way };
  }
  return best?.id;
}

/** What a node uses, and what uses it. */
export interface Links {
  readonly uses: readonly string[];
  readonly usedBy: readonly string[];
}

export function linksOf(id: string, edges: readonly Pick<MapEdge, 'from' | 'to'>[]): Links {
  return {
    uses: edges.filter(({ from }) => from === id).map(({ to }) => to),
    usedBy: edges.filter(({ to }) => to === id).map(({ from }) => from),
  };
}

/** Whether a name, or what kind it is of, has what was searched for. */
export function isFound({ name, kind, componentKind }: Pick<MapNode, 'name' | 'kind' | 'componentKind'>, filter: string): boolean {
  const text = filter.trim().toLowerCase();
  return text === '' || name.toLowerCase().includes(text) || (componentKind ?? kind).toLowerCase().startsWith(text);
}
