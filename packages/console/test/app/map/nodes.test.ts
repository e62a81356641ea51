/** How nodes of the map look, and what is beside them. */
import { describe, expect, test } from 'vitest';
import { isFound, levelOf, linksOf, neighbourOf, radiusOf } from '../../../app/map/nodes.js';

test.each([
  [{ rate: 0, errorRate: null }, 'idle'],
  [{ rate: 0, errorRate: 0.5 }, 'idle'],
  [{ rate: 1, errorRate: 0 }, 'fine'],
  [{ rate: 1, errorRate: 0.0099 }, 'few'],
  [{ rate: 1, errorRate: 0.01 }, 'some'],
  [{ rate: 1, errorRate: 0.05 }, 'many'],
] as const)('%j is %s', (node, level) => {
  expect(levelOf(node)).toBe(level);
});

test('the area of a dot grows with the time spent', () => {
  expect([radiusOf(0, 0), radiusOf(0, 4), radiusOf(1, 4), radiusOf(4, 4), radiusOf(9, 4)]).toEqual([4, 4, 11, 18, 18]);
});

describe('the arrow keys', () => {
  const places = new Map([
    ['routes', { x: 0, y: 100 }],
    ['users', { x: 300, y: 0 }],
    ['orders', { x: 300, y: 100 }],
    ['clock', { x: 300, y: 200 }],
    ['store', { x: 600, y: 60 }],
  ]);

  test.each([
    ['routes', 'right', 'orders'],
    ['orders', 'right', 'store'],
    ['orders', 'up', 'users'],
    ['orders', 'down', 'clock'],
    ['store', 'left', 'orders'],
    ['routes', 'left', undefined],
    ['users', 'up', undefined],
    ['gone', 'up', undefined],
  ] as const)('from %s, %s leads to %s', (from, direction, to) => {
    expect(neighbourOf(from, direction, places)).toBe(to);
  });
});

test('a node has what it uses, and what uses it', () => {
  const edges = [
    { from: 'a', to: 'b' },
    { from: 'b', to: 'c' },
    { from: 'b', to: 'd' },
  ];
  expect(linksOf('b', edges)).toEqual({ uses: ['c', 'd'], usedBy: ['a'] });
});

test('nodes are found by a part of their name, or by their kind', () => {
  const node = { name: 'UserRepository', kind: 'component', componentKind: 'repository' } as const;
  for (const filter of ['', '  ', 'user', 'REPO', 'repository']) expect(isFound(node, filter)).toBe(true);
  for (const filter of ['order', 'component']) expect(isFound(node, filter)).toBe(false);
  expect(isFound({ name: 'main', kind: 'database', componentKind: null }, 'data')).toBe(true);
});
