/** The places of the nodes and edges of the map. They depend on what there is, not on how it is used: nothing moves while rates change. */
import type { MapEdge, MapNode } from '../../src/api-types.js';

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The top left corners of nodes, which are all of one size, and the paths of edges, as SVG has them. */
export interface Placement {
  readonly width: number;
  readonly height: number;
  readonly nodes: ReadonlyMap<string, Point>;
  readonly edges: ReadonlyMap<string, PlacedEdge>;
}

export interface PlacedEdge {
  readonly path: string;
  /** Where its rate stands. */
  readonly label: Point;
}

export const NODE_WIDTH = 220;
export const NODE_HEIGHT = 56;

export type PlacedNode = Pick<MapNode, 'id' | 'kind' | 'layer'>;
export type PlacedLink = Pick<MapEdge, 'key' | 'from' | 'to'>;

/** Equal for maps that are placed equally. */
export function shapeOf(nodes: readonly PlacedNode[], edges: readonly PlacedLink[]): string {
  return JSON.stringify([nodes.map(({ id, layer }) => `${layer} ${id}`).sort(), edges.map(({ key }) => key).sort()]);
}
