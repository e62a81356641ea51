/** Where nodes and edges of the map stand. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { placementOf } from '../../../app/map/layout.js';
import { NODE_HEIGHT, NODE_WIDTH, type PlacedNode, shapeOf } from '../../../app/map/placement.js';

function edge(from: string, to: string) {
  return { key: `${from} ${to}`, from, to };
}

function component(id: string, layer: number): PlacedNode {
  return { id, kind: 'component', layer };
}

const NODES: readonly PlacedNode[] = [
  { id: 'routes', kind: 'routes', layer: 0 },
  component('OrderController', 1),
  component('UserController', 1),
  component('OrderService', 2),
  component('UserRepository', 3),
  component('Clock', 0),
  { id: 'main', kind: 'database', layer: 4 },
  { id: 'moons.example', kind: 'host', layer: 4 },
];

const EDGES = [
  edge('routes', 'OrderController'),
  edge('routes', 'UserController'),
  edge('OrderController', 'OrderService'),
  edge('OrderService', 'UserRepository'),
  edge('UserController', 'UserRepository'),
  edge('UserRepository', 'main'),
];

describe('the map', () => {
  const { nodes, edges, width, height } = placementOf(NODES, EDGES);
  const x = (id: string) => nodes.get(id)?.x as number;

  test('has routes left, and what is outside of the application right', () => {
    expect(x('routes')).toBe(0);
    expect(x('OrderController')).toBe(x('UserController'));
    expect(x('OrderController')).toBeGreaterThan(x('routes'));
    expect(x('UserRepository')).toBeGreaterThan(x('OrderService'));
    for (const outside of ['main', 'moons.example']) expect(x(outside)).toBe(Math.max(...NODES.map(({ id }) => x(id))));
  });

  test('is as large as what is in it', () => {
    expect(width).toBe(x('main') + NODE_WIDTH);
    expect(height).toBe(Math.max(...[...nodes.values()].map(({ y }) => y)) + NODE_HEIGHT);
  });

  test('has each edge from the right side of a node to the left side of another', () => {
    const from = nodes.get('OrderController') as { x: number; y: number };
    const to = nodes.get('OrderService') as { x: number; y: number };
    const { path, label } = edges.get('OrderController OrderService') as { path: string; label: { x: number; y: number } };
    expect(path.startsWith(`M${(from.x + NODE_WIDTH).toFixed(1)} ${(from.y + NODE_HEIGHT / 2).toFixed(1)}C`)).toBe(true);
    expect(path.endsWith(` ${to.x.toFixed(1)} ${(to.y + NODE_HEIGHT / 2).toFixed(1)}`)).toBe(true);
    expect(label.x).toBeGreaterThan(from.x + NODE_WIDTH);
    expect(label.x).toBeLessThan(to.x);
  });
});

test('an edge that closes a loop goes back, and one to itself is not drawn', () => {
  const nodes = [component('One', 0), component('Two', 1)];
  const { nodes: places, edges } = placementOf(nodes, [edge('One', 'Two'), edge('Two', 'One'), edge('One', 'One'), edge('One', 'Gone')]);
  expect([...edges.keys()]).toEqual(['One Two', 'Two One']);
  const two = places.get('Two') as { x: number };
  expect(edges.get('Two One')?.path.startsWith(`M${two.x.toFixed(1)} `)).toBe(true);
});

test('nothing has no size', () => {
  expect(placementOf([], [])).toMatchObject({ width: 0, height: 0 });
});

test('no two nodes of any map overlap', () => {
  const kind = fc.constantFrom('component', 'component', 'component', 'database', 'host', 'routes' as const);
  const map = fc
    .record({
      kinds: fc.array(kind, { minLength: 1, maxLength: 20 }),
      pairs: fc.array(fc.tuple(fc.nat(19), fc.nat(19)), { maxLength: 30 }),
    })
    .map(({ kinds, pairs }) => ({
      nodes: kinds.map((each, index) => ({
        id: `n${index}`,
        kind: each,
        layer: each === 'component' ? index % 5 : each === 'routes' ? 0 : 5,
      })),
      edges: [...new Set(pairs.map(([from, to]) => `n${from % kinds.length} n${to % kinds.length}`))].map((key) => {
        const [from = '', to = ''] = key.split(' ');
        return { key, from, to };
      }),
    }));
  fc.assert(
    fc.property(map, ({ nodes, edges }) => {
      const places = [...placementOf(nodes, edges).nodes.values()];
      expect(places).toHaveLength(nodes.length);
      places.forEach((one, index) => {
        expect(one.x).toBeGreaterThanOrEqual(0);
        expect(one.y).toBeGreaterThanOrEqual(0);
        for (const other of places.slice(index + 1))
          expect(Math.abs(one.x - other.x) >= NODE_WIDTH || Math.abs(one.y - other.y) >= NODE_HEIGHT).toBe(true);
      });
    }),
    { numRuns: 20 },
  );
});

test('the order in which nodes and edges come changes nothing', () => {
  const [nodes, edges] = [NODES.toReversed(), EDGES.toReversed()];
  expect(shapeOf(nodes, edges)).toBe(shapeOf(NODES, EDGES));
  expect(Object.fromEntries(placementOf(nodes, EDGES).nodes)).toEqual(Object.fromEntries(placementOf(NODES, EDGES).nodes));
});
