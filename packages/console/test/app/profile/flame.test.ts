/** The bars of the flame graph. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { barBeside, barsOf, coloursOf } from '../../../app/profile/flame.js';
import type { ProfileNode } from '../../../app/profile/report.js';

function node(name: string, self: number, children: readonly ProfileNode[] = [], component?: string): ProfileNode {
  const total = self + children.reduce((sum, child) => sum + child.total, 0);
  return { name, self, total, children, ...(component !== undefined && { component, method: name }) };
}

const TREE = node('(root)', 0, [
  node('handler', 10, [node('find', 30, [node('parse', 20), node('map', 10)], 'UserRepository'), node('render', 10)]),
  node('(garbage collector)', 20),
]);

test('a bar is as wide as its share, beside what was called before it, and below its caller', () => {
  expect(
    barsOf(TREE).map(({ path, node: { name }, depth, start, width, component }) => [path, name, depth, start, width, component]),
  ).toEqual([
    ['', '(root)', 0, 0, 1, undefined],
    ['0', 'handler', 1, 0, 0.8, undefined],
    ['0.0', 'find', 2, 0, expect.closeTo(0.6), 'UserRepository'],
    ['0.0.0', 'parse', 3, 0, expect.closeTo(0.2), 'UserRepository'],
    ['0.0.1', 'map', 3, expect.closeTo(0.2), expect.closeTo(0.1), 'UserRepository'],
    ['0.1', 'render', 2, expect.closeTo(0.6), expect.closeTo(0.1), undefined],
    ['1', '(garbage collector)', 1, 0.8, 0.2, undefined],
  ]);
});

test('a bar that was chosen, and what leads to it, are as wide as the graph', () => {
  expect(barsOf(TREE, '0.0').map(({ path, width, depth }) => [path, width, depth])).toEqual([
    ['', 1, 0],
    ['0', 1, 1],
    ['0.0', 1, 2],
    ['0.0.0', expect.closeTo(1 / 3), 3],
    ['0.0.1', expect.closeTo(1 / 6), 3],
  ]);
  expect(barsOf(TREE, '5.5')).toEqual(barsOf(TREE));
});

test('nothing was sampled', () => {
  expect(barsOf(node('(root)', 0))).toEqual([]);
});

test('bars that can not be seen are left out', () => {
  expect(barsOf(node('(root)', 0, [node('large', 1000), node('small', 1)])).map(({ path }) => path)).toEqual(['', '0']);
});

test('the bars of any tree are within their caller, and never overlap', () => {
  const { tree } = fc.letrec<{ tree: ProfileNode }>((tie) => ({
    tree: fc
      .tuple(fc.nat(50), fc.oneof({ depthSize: 'small' }, fc.constant([]), fc.array(tie('tree'), { maxLength: 3 })))
      .map(([self, children]) => node('f', self, children as ProfileNode[])),
  }));
  fc.assert(
    fc.property(tree, (root) => {
      const bars = barsOf(root);
      for (const bar of bars) {
        if (bar.path === '') continue;
        const parent = bars.find(({ path }) => path === bar.path.split('.').slice(0, -1).join('.'));
        expect(bar.start).toBeGreaterThanOrEqual((parent?.start as number) - 1e-9);
        expect(bar.start + bar.width).toBeLessThanOrEqual((parent?.start as number) + (parent?.width as number) + 1e-9);
      }
      for (const depth of new Set(bars.map((bar) => bar.depth))) {
        const row = bars.filter((bar) => bar.depth === depth);
        row.forEach((bar, index) => {
          const before = row[index - 1];
          if (before !== undefined) expect(bar.start).toBeGreaterThanOrEqual(before.start + before.width - 1e-9);
        });
      }
    }),
  );
});

test('the first eight components have colours of their own', () => {
  const share = { self: 0, share: 0, with_callees: 0, with_callees_share: 0 };
  const colours = coloursOf({ components: Array.from({ length: 10 }, (_, index) => ({ component: `C${index}`, ...share })) });
  expect([...colours.values()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 0, 0]);
});

describe('the arrow keys', () => {
  const bars = barsOf(TREE);

  test.each([
    ['', 'ArrowDown', '0'],
    ['0', 'ArrowDown', '0.0'],
    ['0.0', 'ArrowUp', '0'],
    ['0', 'ArrowUp', ''],
    ['0.0', 'ArrowRight', '0.1'],
    ['0.1', 'ArrowLeft', '0.0'],
    ['0', 'ArrowRight', '1'],
    ['0.0.0', 'Home', ''],
    ['', 'ArrowUp', undefined],
    ['1', 'ArrowRight', undefined],
    ['0.1', 'ArrowDown', undefined],
  ] as const)('from %j, %s leads to %j', (from, key, to) => {
    expect(barBeside(bars, from, key)?.path).toBe(to);
  });
});
