/** The flame graph: who called whom, coloured by component. Click a bar to see it as wide as the graph. */
import { useMemo, useRef, useState } from 'preact/hooks';
import { percent } from '../parts/format.js';
import { Icon } from '../parts/icons.js';
import { type Bar, barBeside, barsOf, coloursOf, type Key } from './flame.js';
import type { ProfileNode, ProfileReport } from './report.js';
import { amountOf } from './share-table.js';

const ROW_PIXELS = 22;
const KEYS: readonly string[] = ['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'Home'] satisfies Key[];

export function FlameGraph({ report }: { readonly report: ProfileReport }) {
  const [zoom, setZoom] = useState('');
  const [filter, setFilter] = useState('');
  const [shown, setShown] = useState('');
  const graph = useRef<HTMLDivElement>(null);
  const bars = useMemo(() => barsOf(report.tree, zoom), [report, zoom]);
  const colours = useMemo(() => coloursOf(report), [report]);
  const amount = amountOf(report);
  const about = bars.find(({ path }) => path === shown) ?? bars[0];
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') setZoom('');
    else if (KEYS.includes(event.key)) {
      const from = (event.target as Element).closest<HTMLElement>('[data-path]')?.dataset['path'] ?? shown;
      const next = barBeside(bars, from, event.key as Key);
      if (next !== undefined) focusOn(graph.current, next.path);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };
  if (bars.length === 0 || about === undefined) return <p class="quiet">Nothing was sampled.</p>;
  const depth = Math.max(...bars.map((bar) => bar.depth)) + 1;
  return (
    <>
      <div class="tools">
        <label class="search">
          <Icon name="search" />
          <input
            type="search"
            aria-label="Find in the flame graph"
            placeholder="Find in the graph"
            value={filter}
            onInput={(event) => setFilter(event.currentTarget.value)}
          />
        </label>
        <button type="button" class="button" disabled={zoom === ''} onClick={() => setZoom('')}>
          Show all
        </button>
      </div>
      <p class="flame-about">
        <strong>{titleOf(about.node)}</strong> {amount(about.node.total)} ({percent(shareOf(about, report))}), self{' '}
        {amount(about.node.self)}
        <span class="flame-place">{about.node.place ?? ' '}</span>
      </p>
      <div class="flame" ref={graph} role="tree" aria-label="Flame graph" style={{ height: `${depth * ROW_PIXELS}px` }} onKeyDown={onKey}>
        {bars.map((bar) => (
          <FlameBar
            key={bar.path}
            bar={bar}
            colour={bar.component === undefined ? undefined : colours.get(bar.component)}
            isFaded={filter.trim() !== '' && !isFound(bar.node, filter)}
            isEntry={bar === about}
            label={`${titleOf(bar.node)}, ${amount(bar.node.total)}, ${percent(shareOf(bar, report))}`}
            onShow={() => setShown(bar.path)}
            onZoom={() => setZoom(bar.path)}
          />
        ))}
      </div>
    </>
  );
}

interface FlameBarProps {
  readonly bar: Bar;
  readonly colour: number | undefined;
  readonly isFaded: boolean;
  readonly isEntry: boolean;
  readonly label: string;
  onShow(): void;
  onZoom(): void;
}

function FlameBar({ bar, colour, isFaded, isEntry, label, onShow, onZoom }: FlameBarProps) {
  const { path, node, depth, start, width } = bar;
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' && event.key !== ' ') return;
    event.preventDefault();
    onZoom();
  };
  return (
    <div
      class={`flame-bar ${colour === undefined ? 'hue-none' : `hue-${colour}`}${isFaded ? ' flame-faded' : ''}`}
      role="treeitem"
      aria-level={depth + 1}
      aria-selected={isEntry}
      aria-label={label}
      tabIndex={isEntry ? 0 : -1}
      data-path={path}
      style={{ left: `${start * 100}%`, width: `${width * 100}%`, top: `${depth * ROW_PIXELS}px` }}
      onClick={onZoom}
      onKeyDown={onKey}
      onFocus={onShow}
      onMouseEnter={onShow}
    >
      {width > 0.025 ? titleOf(node) : ''}
    </div>
  );
}

function titleOf({ name, component, method }: ProfileNode): string {
  if (component !== undefined) return `${component}.${method ?? name}`;
  return name === '(root)' ? 'Everything' : name;
}

function shareOf({ node }: Bar, { total }: ProfileReport): number {
  return total > 0 ? Math.min(1, node.total / total) : 0;
}

function isFound({ name, place = '', component = '', method = '' }: ProfileNode, filter: string): boolean {
  return `${component}.${method} ${name} ${place}`.toLowerCase().includes(filter.trim().toLowerCase());
}

function focusOn(graph: HTMLElement | null, path: string): void {
  for (const bar of graph?.querySelectorAll<HTMLElement>('[data-path]') ?? []) if (bar.dataset['path'] === path) bar.focus();
}
