/** The map as a drawing: dragged, magnified, and walked through with the arrow keys. */
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { DependencyMap, MapNode } from '../../src/api-types.js';
import { perSecond } from '../parts/format.js';
import { unlessSame } from '../parts/same.js';
import { Loading, Off } from '../parts/states.js';
import { NodeDrawing } from './node-drawing.js';
import { type Direction, isFound, linksOf, neighbourOf, radiusOf } from './nodes.js';
import { NODE_HEIGHT, NODE_WIDTH, type PlacedEdge, type Placement, type Point } from './placement.js';
import { useGestures } from './use-gestures.js';
import { useGradually } from './use-gradually.js';
import { usePlacement } from './use-placement.js';
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

export function MapCanvas(props: MapCanvasProps) {
  const placement = usePlacement(props.map);
  if (placement === undefined) return <Loading what="the map" />;
  if (placement === 'failed') return <Off title="The browser could not draw the map.">Choose the list, which has the same.</Off>;
  return <PlacedMap {...props} placement={placement} />;
}

function PlacedMap({ map, placement, filter, selected, select }: MapCanvasProps & { readonly placement: Placement }) {
  const { nodes, edges } = map;
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
  const onSelect = useLatest((id: string) => select(id === selected ? undefined : id));
  const onFocus = useLatest((id: string) => {
    setFocused(id);
    show(id);
  });
  const inOrder = drawnOrder(nodes, placement);
  const drawn = inOrder.slice(0, useGradually(inOrder.length));
  const mostBusy = Math.max(...nodes.map(({ busy }) => busy), 0);
  const links = selected === undefined ? undefined : linksOf(selected, edges);
  const near = links === undefined ? undefined : new Set([selected, ...links.uses, ...links.usedBy]);
  const isFaded = (id: string): boolean => (isFiltered && !found.has(id)) || (near !== undefined && !near.has(id));
  return (
    <div class="map-frame" ref={frame}>
      {/* biome-ignore lint/a11y/useSemanticElements: there is no element for a part of a drawing. */}
      <svg class={viewport.scale < 0.55 ? 'map map-far' : 'map'} role="group" aria-label="Dependency map" {...gestures} onKeyDown={onKey}>
        <g transform={`translate(${viewport.x} ${viewport.y}) scale(${viewport.scale})`}>
          <Edges map={map} placement={placement} selected={selected} isFaded={isFaded} drawn={drawn} />
          {drawn.map((node) => (
            <g key={node.id} transform={translationTo(placement.nodes.get(node.id))}>
              <NodeDrawing
                node={node}
                radius={radiusOf(node.busy, mostBusy)}
                isSelected={node.id === selected}
                isFaded={isFaded(node.id)}
                isEntry={node.id === entry}
                onSelect={onSelect}
                onFocus={onFocus}
              />
            </g>
          ))}
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
  /** The nodes that are drawn already. */
  readonly drawn: readonly MapNode[];
  isFaded(id: string): boolean;
}

function Edges({ map: { nodes, edges }, placement, selected, drawn, isFaded }: EdgesProps) {
  const ends = new Set(drawn.map(({ id }) => id));
  const most = Math.max(...edges.map(({ rate }) => rate ?? 0), 0);
  const idle = new Set(nodes.flatMap((node) => (node.rate === 0 ? node.id : [])));
  const isIdle = (to: string, rate: number | null): boolean => rate === 0 || idle.has(to);
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: nothing in it can have the focus; the list has the same.
    <g aria-hidden="true">
      {edges.map(({ key, from, to, rate }) => {
        const placed = placement.edges.get(key);
        if (placed === undefined || !ends.has(from) || !ends.has(to)) return null;
        const isNear = from === selected || to === selected;
        const classes = ['map-edge', isNear && 'map-edge-near', isIdle(to, rate) && 'map-edge-idle'];
        return (
          <Edge
            key={key}
            isFaded={isFaded(from) || isFaded(to)}
            class={classes.filter(Boolean).join(' ')}
            placed={placed}
            width={widthOf(rate, most)}
            rate={rate}
          />
        );
      })}
    </g>
  );
}

interface EdgeProps {
  readonly isFaded: boolean;
  readonly class: string;
  readonly placed: PlacedEdge;
  readonly width: number;
  readonly rate: number | null;
}

const Edge = unlessSame(({ isFaded, class: classes, placed, width, rate }: EdgeProps) => (
  <g class={isFaded ? 'map-faded' : undefined}>
    <path class={classes} d={placed.path} stroke-width={width} />
    {rate !== null && rate > 0 && (
      <text class="map-rate" x={placed.label.x} y={placed.label.y - 5}>
        {perSecond(rate)}
      </text>
    )}
  </g>
));

/** In the order of the layers, which is that of the tabulator and of screen readers. */
function drawnOrder(nodes: readonly MapNode[], placement: Placement): MapNode[] {
  return nodes
    .filter(({ id }) => placement.nodes.has(id))
    .sort((one, other) => one.layer - other.layer || (one.name < other.name ? -1 : 1));
}

function translationTo(place: Point | undefined): string {
  return `translate(${place?.x ?? 0} ${place?.y ?? 0})`;
}

/** A function that is the same each time, and does what the last one does. */
function useLatest<A extends readonly unknown[]>(act: (...args: A) => void): (...args: A) => void {
  const latest = useRef(act);
  latest.current = act;
  return useCallback((...args: A) => latest.current(...args), []);
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
