/** The map as a drawing: dragged, magnified, and walked through with the arrow keys. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { DependencyMap, MapNode } from '../../src/api-types.js';
import { perSecond } from '../parts/format.js';
import { NodeDrawing } from './node-drawing.js';
import { type Direction, isFound, linksOf, neighbourOf } from './nodes.js';
import { NODE_HEIGHT, NODE_WIDTH, type Placement, placementOf, shapeOf } from './placement.js';
import { useGestures } from './use-gestures.js';
import { first, fitted, moved, type Size, showing, type Viewport, zoomed } from './viewport.js';

interface MapCanvasProps {
  readonly map: DependencyMap;
  readonly filter: string;
  /** The id of a node. */
  readonly selected: string | undefined;
  select(id: string | undefined): void;
}

const KEYS: Readonly<Record<string, Direction>> = { ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down' };
const STEP = 1.3;
/** What the details of a node cover on the right. */
const DETAILS_WIDTH = 300;
const NO_SIZE: Size = { width: 0, height: 0 };

export function MapCanvas({ map, filter, selected, select }: MapCanvasProps) {
  const { nodes, edges } = map;
  const shape = shapeOf(nodes, edges);
  const placement = useMemo(() => placementOf(nodes, edges), [shape]);
  const frame = useRef<HTMLDivElement>(null);
  const seen = useSize(frame);
  // Undefined until the reader moves it: it follows the size of the window.
  const [chosen, setViewport] = useState<Viewport>();
  const viewport = chosen ?? first(placement, seen);
  const change = (next: (before: Viewport) => Viewport): void => setViewport((before) => next(before ?? first(placement, seen)));
  const fit = (): void => setViewport(fitted(placement, seen));
  const zoom = (factor: number): void => change((before) => zoomed(before, { x: seen.width / 2, y: seen.height / 2 }, factor));
  const gestures = useGestures(frame, {
    drag: (by) => change((before) => moved(before, by, { content: placement, seen })),
    zoom: (at, factor) => change((before) => zoomed(before, at, factor)),
  });
  const show = (id: string, hasDetails = selected !== undefined): void => {
    const place = placement.nodes.get(id);
    const free = hasDetails && seen.width > 2 * DETAILS_WIDTH ? { ...seen, width: seen.width - DETAILS_WIDTH } : seen;
    if (place !== undefined) change((before) => showing(before, { ...place, width: NODE_WIDTH, height: NODE_HEIGHT }, free));
  };
  const found = new Set(nodes.filter((node) => isFound(node, filter)).map(({ id }) => id));
  const isFiltered = filter.trim() !== '';
  useEffect(() => {
    const match = nodes.find(({ id }) => found.has(id));
    if (isFiltered && match !== undefined) show(match.id);
  }, [filter]);
  useEffect(() => {
    if (selected !== undefined && seen.width > 0) show(selected, true);
  }, [selected, seen.width > 0]);
  const [focused, setFocused] = useState<string>();
  const entry = [focused, selected, nodes[0]?.id].find((id) => id !== undefined && placement.nodes.has(id));
  const onKey = (event: KeyboardEvent): void => {
    const direction = KEYS[event.key];
    const from = (event.target as Element).closest<SVGElement>('[data-node]')?.dataset['node'] ?? entry;
    if (direction !== undefined) focusOn(frame.current, from === undefined ? undefined : neighbourOf(from, direction, placement.nodes));
    else if (event.key === '+' || event.key === '=') zoom(STEP);
    else if (event.key === '-') zoom(1 / STEP);
    else if (event.key === '0') fit();
    else if (event.key === 'Escape') select(undefined);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const links = selected === undefined ? undefined : linksOf(selected, edges);
  const near = links === undefined ? undefined : new Set([selected, ...links.uses, ...links.usedBy]);
  const isFaded = (id: string): boolean => (isFiltered && !found.has(id)) || (near !== undefined && !near.has(id));
  return (
    <div class="map-frame" ref={frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: there is no element for a part of a drawing. */}
      <svg class={viewport.scale < 0.55 ? 'map map-far' : 'map'} role="group" aria-label="Dependency map" {...gestures} onKeyDown={onKey}>
        <g transform={`translate(${viewport.x} ${viewport.y}) scale(${viewport.scale})`}>
          <Edges map={map} placement={placement} selected={selected} isFaded={isFaded} />
          <Nodes nodes={nodes} placement={placement}>
            {(node, mostBusy) => (
              <NodeDrawing
                key={node.id}
                node={node}
                mostBusy={mostBusy}
                isSelected={node.id === selected}
                isFaded={isFaded(node.id)}
                isEntry={node.id === entry}
                onSelect={() => select(node.id === selected ? undefined : node.id)}
                onFocus={() => {
                  setFocused(node.id);
                  show(node.id);
                }}
              />
            )}
          </Nodes>
        </g>
      </svg>
      <div class="map-tools">
        <button type="button" class="button" onClick={() => zoom(STEP)} aria-label="Zoom in" title="Zoom in (+)">
          +
        </button>
        <button type="button" class="button" onClick={() => zoom(1 / STEP)} aria-label="Zoom out" title="Zoom out (-)">
          −
        </button>
        <button type="button" class="button" onClick={fit} title="Show all (0)">
          Fit
        </button>
      </div>
    </div>
  );
}

interface EdgesProps {
  readonly map: DependencyMap;
  readonly placement: Placement;
  readonly selected: string | undefined;
  isFaded(id: string): boolean;
}

function Edges({ map: { nodes, edges }, placement, selected, isFaded }: EdgesProps) {
  const most = Math.max(...edges.map(({ rate }) => rate ?? 0), 0);
  const idle = new Set(nodes.flatMap((node) => (node.rate === 0 ? node.id : [])));
  const isIdle = (to: string, rate: number | null): boolean => rate === 0 || idle.has(to);
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it can have the focus; the list has the same.
    <g aria-hidden="true">
      {edges.map(({ key, from, to, rate }) => {
        const placed = placement.edges.get(key);
        if (placed === undefined) return null;
        const isNear = from === selected || to === selected;
        const classes = ['map-edge', isNear && 'map-edge-near', isIdle(to, rate) && 'map-edge-idle'];
        return (
          <g key={key} class={isFaded(from) || isFaded(to) ? 'map-faded' : undefined}>
            <path class={classes.filter(Boolean).join(' ')} d={placed.path} stroke-width={widthOf(rate, most)} />
            {rate !== null && rate > 0 && (
              <text class="map-rate" x={placed.label.x} y={placed.label.y - 5}>
                {perSecond(rate)}
              </text>
            )}
          </g>
        );
      })}
    </g>
  );
}

interface NodesProps {
  readonly nodes: readonly MapNode[];
  readonly placement: Placement;
  readonly children: (node: MapNode, mostBusy: number) => preact.ComponentChild;
}

/** In the order of the layers, which is that of the tabulator and of screen readers. */
function Nodes({ nodes, placement, children }: NodesProps) {
  const mostBusy = Math.max(...nodes.map(({ busy }) => busy), 0);
  const inOrder = nodes.toSorted((one, other) => one.layer - other.layer || (one.name < other.name ? -1 : 1));
  return (
    <>
      {inOrder.map((node) => {
        const place = placement.nodes.get(node.id);
        return place === undefined ? null : (
          <g key={node.id} transform={`translate(${place.x} ${place.y})`}>
            {children(node, mostBusy)}
          </g>
        );
      })}
    </>
  );
}

function widthOf(rate: number | null, most: number): number {
  return rate === null || most === 0 ? 1.25 : 1.25 + 2.75 * Math.sqrt(rate / most);
}

function focusOn(frame: HTMLElement | null, id: string | undefined): void {
  if (frame === null || id === undefined) return;
  for (const node of frame.querySelectorAll<SVGGElement>('[data-node]')) if (node.dataset['node'] === id) node.focus();
}

function useSize(ref: { readonly current: HTMLElement | null }): Size {
  const [size, setSize] = useState<Size>(NO_SIZE);
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return undefined;
    const measure = (): void => setSize({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return size;
}
