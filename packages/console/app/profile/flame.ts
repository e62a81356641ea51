/** The bars of a flame graph: a row for each depth, the width of a bar its share. */
import type { ProfileNode, ProfileReport } from './report.js';

export interface Bar {
  /** The way to it from the root, by positions: `0.2.1`. The root is the empty text. */
  readonly path: string;
  readonly node: ProfileNode;
  readonly depth: number;
  /** Shares of what is shown, from 0 to 1. */
  readonly start: number;
  readonly width: number;
  /** The component that it belongs to: of the nearest measured method from here to the root. */
  readonly component: string | undefined;
}

/** Narrower bars can be neither read nor hit. */
const NARROWEST = 0.0012;

/**
 * The bars of a part of the tree: those that lead to it have the whole width.
 * @param zoom the path of the bar that was chosen; what does not exist is the root
 */
export function barsOf(tree: ProfileNode, zoom = ''): Bar[] {
  const bars: Bar[] = [];
  const steps = zoom === '' ? [] : zoom.split('.').map(Number);
  let [node, path, component]: [ProfileNode, string, string | undefined] = [tree, '', tree.component];
  for (const [depth, step] of steps.entries()) {
    const child = node.children[step];
    if (child === undefined) return barsOf(tree);
    bars.push({ path, node, depth, start: 0, width: 1, component });
    [node, path, component] = [child, joined(path, step), child.component ?? component];
  }
  if (node.total > 0) add(bars, { path, node, depth: steps.length, start: 0, width: 1, component });
  return bars;
}

function add(bars: Bar[], bar: Bar): void {
  bars.push(bar);
  const { node, path, depth, component } = bar;
  let { start } = bar;
  node.children.forEach((child, index) => {
    const width = (child.total / node.total) * bar.width;
    if (width >= NARROWEST)
      add(bars, { path: joined(path, index), node: child, depth: depth + 1, start, width, component: child.component ?? component });
    start += width;
  });
}

function joined(path: string, step: number): string {
  return path === '' ? String(step) : `${path}.${step}`;
}

/** As many components have a colour of their own; all others share one. */
export const COLOURS = 8;

/** By component, the one with the most first: 1 to 8, and 0 for all others. */
export function coloursOf({ components }: Pick<ProfileReport, 'components'>): ReadonlyMap<string, number> {
  return new Map(components.map(({ component }, index) => [component, index < COLOURS ? index + 1 : 0]));
}

export type Key = 'ArrowUp' | 'ArrowDown' | 'ArrowLeft' | 'ArrowRight' | 'Home';

/** Where a key leads from a bar; undefined if nowhere. */
export function barBeside(bars: readonly Bar[], path: string, key: Key): Bar | undefined {
  const from = bars.find((bar) => bar.path === path);
  if (key === 'Home' || from === undefined) return bars[0];
  if (key === 'ArrowUp') return bars.find((bar) => bar.depth === from.depth - 1 && bar.path === path.split('.').slice(0, -1).join('.'));
  if (key === 'ArrowDown') return bars.find((bar) => bar.depth === from.depth + 1 && bar.path.startsWith(path === '' ? '' : `${path}.`));
  const row = bars.filter((bar) => bar.depth === from.depth);
  return row[row.indexOf(from) + (key === 'ArrowLeft' ? -1 : 1)];
}
