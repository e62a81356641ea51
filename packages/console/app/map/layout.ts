/** Finds the places of nodes and edges: routes left, what is outside of the application right. Takes up to seconds, and therefore runs in a worker. */
import { Graph, layout } from '@dagrejs/dagre';
import { NODE_HEIGHT, NODE_WIDTH, type PlacedEdge, type PlacedLink, type PlacedNode, type Placement, type Point } from './placement.js';

const GAP = { ranksep: 64, nodesep: 20, edgesep: 12 };
/** What routes lead to stands next to them, however long the way from there is. */
const ROUTES_WEIGHT = 20;
/** From here on, dagre's best way of ranking takes seconds. */
const MANY_NODES = 250;

export function placementOf(nodes: readonly PlacedNode[], edges: readonly PlacedLink[]): Placement {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const drawn = edges.filter(({ from, to }) => from !== to && byId.has(from) && byId.has(to));
  const joined = new Set(drawn.flatMap(({ from, to }) => [from, to]));
  // The order in which nodes are given decides between equally good placements.
  const inOrder = nodes.toSorted((one, other) => one.layer - other.layer || (one.id < other.id ? -1 : 1));
  const graph = new Graph().setGraph({ rankdir: 'LR', ranker: nodes.length < MANY_NODES ? 'network-simplex' : 'longest-path', ...GAP });
  for (const { id } of inOrder) if (joined.has(id)) graph.setNode(id, { width: NODE_WIDTH, height: NODE_HEIGHT });
  for (const { from, to } of drawn)
    graph.setEdge(from, to, {
      minlen: lengthOf(byId.get(from), byId.get(to)),
      weight: byId.get(from)?.kind === 'routes' ? ROUTES_WEIGHT : 1,
    });
  layout(graph);
  const places = new Map<string, Point>();
  for (const id of graph.nodes()) {
    const { x = 0, y = 0 } = graph.node(id) as Partial<Point>;
    places.set(id, { x: x - NODE_WIDTH / 2, y: y - NODE_HEIGHT / 2 });
  }
  placeLoose(inOrder, joined, places);
  return {
    width: Math.max(0, ...[...places.values()].map(({ x }) => x + NODE_WIDTH)),
    height: Math.max(0, ...[...places.values()].map(({ y }) => y + NODE_HEIGHT)),
    nodes: places,
    edges: new Map(
      drawn.map(({ key, from, to }) => [key, placedEdge((graph.edge(from, to) as { points?: Point[] }).points ?? [], [from, to], places)]),
    ),
  };
}

/** What stands outside of the application stands right of all that is in it. */
function lengthOf(from: PlacedNode | undefined, to: PlacedNode | undefined): number {
  return to === undefined || from === undefined || !isOutside(to) ? 1 : Math.max(1, to.layer - from.layer);
}

function isOutside({ kind }: PlacedNode): boolean {
  return kind === 'database' || kind === 'host';
}

/** What has no edges stands below: systems outside in the last column, all others in rows. */
function placeLoose(nodes: readonly PlacedNode[], joined: ReadonlySet<string>, places: Map<string, Point>): void {
  const [column, row] = [NODE_WIDTH + GAP.ranksep, NODE_HEIGHT + GAP.nodesep];
  const loose = nodes.filter(({ id }) => !joined.has(id));
  const inside = loose.filter((node) => !isOutside(node));
  const right = Math.max(0, ...[...places.values()].map(({ x }) => x));
  const columns = Math.max(Math.round(right / column) + 1, Math.ceil(Math.sqrt(inside.length)));
  const bottom = Math.max(-GAP.nodesep, ...[...places.values()].map(({ y }) => y + NODE_HEIGHT)) + GAP.nodesep;
  inside.forEach(({ id }, index) => {
    places.set(id, { x: (index % columns) * column, y: bottom + Math.floor(index / columns) * row });
  });
  const isAlone = places.size === 0;
  const last = isAlone ? 0 : right > 0 || joined.size > 0 ? right : columns * column;
  const below = (): number =>
    Math.max(-GAP.nodesep, ...[...places.values()].filter(({ x }) => x + NODE_WIDTH > last).map(({ y }) => y + NODE_HEIGHT)) + GAP.nodesep;
  for (const node of loose) if (isOutside(node)) places.set(node.id, { x: last, y: below() });
}

/** Edges leave right and arrive left, but for those that close a loop, which go back. */
function placedEdge(points: readonly Point[], [from, to]: readonly [string, string], places: ReadonlyMap<string, Point>): PlacedEdge {
  const [start, end] = [places.get(from) ?? { x: 0, y: 0 }, places.get(to) ?? { x: 0, y: 0 }];
  const isBack = end.x <= start.x;
  const middle = NODE_HEIGHT / 2;
  const way: Point[] = [
    { x: start.x + (isBack ? 0 : NODE_WIDTH), y: start.y + middle },
    ...points.slice(1, -1),
    { x: end.x + (isBack ? NODE_WIDTH : 0), y: end.y + middle },
  ];
  const path = way.map((point, index) => {
    const before = way[index - 1];
    if (before === undefined) return `M${at(point)}`;
    const half = (before.x + point.x) / 2;
    return `C${at({ x: half, y: before.y })} ${at({ x: half, y: point.y })} ${at(point)}`;
  });
  return { path: path.join(''), label: middleOf(way) };
}

/** On the curve: half-way between the two middle points. */
function middleOf(way: readonly Point[]): Point {
  const [one, other] = [way[Math.floor((way.length - 1) / 2)], way[Math.ceil((way.length - 1) / 2)]] as [Point, Point];
  return { x: (one.x + other.x) / 2, y: (one.y + other.y) / 2 };
}

function at({ x, y }: Point): string {
  return `${x.toFixed(1)} ${y.toFixed(1)}`;
}
