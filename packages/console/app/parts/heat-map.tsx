/** A distribution over time: the darker, the more values. Pointing at it tells which values, when and how many. */
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { HeatMap as Heat, Span } from '../../src/api-types.js';
import { usePage } from '../context/page-context.js';
import { AXIS_WIDTH, RIGHT_MARGIN } from './chart.js';
import { coloursOf } from './colours.js';
import { clock, count } from './format.js';

const HEIGHT = 240;
const BOTTOM = 24;
const TOP = 6;

interface HeatMapProps {
  readonly title: string;
  readonly heat: Heat;
  readonly span: Span;
  readonly step: number;
  readonly show: (value: number | null) => string;
}

interface Pointed {
  readonly x: number;
  readonly y: number;
}

export function HeatMap(props: HeatMapProps) {
  const { title, heat, show } = props;
  const { theme } = usePage();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, setWidth] = useState(0);
  const [pointed, setPointed] = useState<Pointed>();
  useLayoutEffect(() => {
    const element = canvas.current?.parentElement as HTMLElement;
    const sizes = new ResizeObserver(() => setWidth(element.clientWidth));
    sizes.observe(element);
    setWidth(element.clientWidth);
    return () => sizes.disconnect();
  }, []);
  useLayoutEffect(() => {
    if (canvas.current !== null && width > 0) draw(canvas.current, { ...props, width });
  }, [heat, props.span, width, theme]);
  const place = pointed && cellAt({ ...props, width }, pointed);
  return (
    <div class="heat" onPointerMove={(event) => setPointed(within(event))} onPointerLeave={() => setPointed(undefined)}>
      <canvas ref={canvas} role="img" aria-label={summaryOf(title, heat, show)} />
      {heat.bounds.length === 0 && <p class="heat-empty">No values in the range.</p>}
      {place !== undefined && pointed !== undefined && (
        <p
          class="tip"
          aria-hidden="true"
          style={{
            top: `${Math.max(0, pointed.y - 44)}px`,
            ...(pointed.x > width / 2 ? { right: `${width - pointed.x + 12}px` } : { left: `${pointed.x + 12}px` }),
          }}
        >
          <strong>
            {show(place.low)} – {show(place.high)}
          </strong>
          <span>
            {count(place.count)} at {clock(place.at)}
          </span>
        </p>
      )}
    </div>
  );
}

function within(event: PointerEvent): Pointed {
  const { left, top } = (event.currentTarget as Element).getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top };
}

type Sized = HeatMapProps & { readonly width: number };

function placesOf({ width, heat, span }: Sized) {
  const plot = { left: AXIS_WIDTH, right: width - RIGHT_MARGIN, top: TOP, bottom: HEIGHT - BOTTOM };
  const row = (plot.bottom - plot.top) / Math.max(1, heat.bounds.length);
  const xOf = (at: number): number => plot.left + ((at - span.from) / Math.max(1, span.to - span.from)) * (plot.right - plot.left);
  return { plot, row, xOf };
}

function cellAt(sized: Sized, { x, y }: Pointed) {
  const { heat, step } = sized;
  const { plot, row, xOf } = placesOf(sized);
  if (x < plot.left || x > plot.right || y < plot.top || y > plot.bottom) return undefined;
  const index = Math.min(heat.bounds.length - 1, Math.floor((plot.bottom - y) / row));
  const column = heat.columns.find(({ at }) => x > xOf(at - step) && x <= xOf(at));
  const high = heat.bounds[index];
  if (column === undefined || high === undefined) return undefined;
  return { low: index === 0 ? heat.lowest : (heat.bounds[index - 1] as number), high, count: column.counts[index] ?? 0, at: column.at };
}

function draw(canvas: HTMLCanvasElement, sized: Sized): void {
  const { width, heat, span, step, show } = sized;
  const ratio = devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = HEIGHT * ratio;
  canvas.style.width = `${width}px`;
  canvas.style.height = `${HEIGHT}px`;
  const context = canvas.getContext('2d');
  if (context === null) return;
  const colours = coloursOf(canvas.parentElement as Element, ['quiet', 'line', 'accent', 'text']);
  const { plot, row, xOf } = placesOf(sized);
  context.scale(ratio, ratio);
  context.font = `12px ${getComputedStyle(canvas).fontFamily}`;
  context.fillStyle = colours.quiet;
  context.textBaseline = 'middle';
  context.textAlign = 'right';
  for (const { value, y } of levelsOf(heat, plot.bottom, row)) {
    // A text that is too wide is drawn narrower.
    context.fillText(show(value), plot.left - 10, y, plot.left - 10);
    context.fillStyle = colours.line;
    context.fillRect(plot.left, Math.round(y), plot.right - plot.left, 1);
    context.fillStyle = colours.quiet;
  }
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  for (const at of timesOf(span, (plot.right - plot.left) / 100))
    context.fillText(clock(at).slice(0, span.to - span.from > 300 ? 5 : 8), xOf(at), HEIGHT - 6);
  const most = Math.max(1, ...heat.columns.flatMap(({ counts }) => counts));
  context.fillStyle = colours.accent;
  for (const { at, counts } of heat.columns) {
    const [left, right] = [Math.max(plot.left, xOf(at - step)), Math.min(plot.right, xOf(at))];
    if (right <= plot.left) continue;
    counts.forEach((amount, index) => {
      if (amount <= 0) return;
      // Few values must be seen beside many.
      context.globalAlpha = 0.14 + 0.86 * (Math.log1p(amount) / Math.log1p(most));
      context.fillRect(left, plot.bottom - (index + 1) * row, Math.max(1, right - left - 0.5), Math.max(1, row - 0.5));
    });
  }
  context.globalAlpha = 1;
}

/** At most six bounds, with as many rows between each two. */
function levelsOf({ bounds, lowest }: Heat, bottom: number, row: number): { readonly value: number; readonly y: number }[] {
  if (bounds.length === 0) return [];
  const every = Math.max(1, Math.ceil(bounds.length / 5));
  const all = [lowest, ...bounds];
  return all.flatMap((value, index) => (index % every === 0 ? { value, y: bottom - index * row } : []));
}

const STEPS = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400];

function timesOf({ from, to }: Span, most: number): number[] {
  const step = STEPS.find((each) => (to - from) / each <= Math.max(2, most)) ?? 21_600;
  const first = Math.ceil(from / step + 0.2) * step;
  return Array.from({ length: Math.max(0, Math.floor((to - first) / step - 0.2) + 1) }, (_, index) => first + index * step);
}

function summaryOf(title: string, { bounds, lowest, columns }: Heat, show: HeatMapProps['show']): string {
  if (bounds.length === 0) return `${title}: no values in the range`;
  const sums = bounds.map((_, index) => columns.reduce((sum, { counts }) => sum + (counts[index] ?? 0), 0));
  const fullest = sums.indexOf(Math.max(...sums));
  return `${title}: values from ${show(lowest)} to ${show(bounds.at(-1) ?? null)}, most between ${show(bounds[fullest - 1] ?? lowest)} and ${show(bounds[fullest] ?? null)}`;
}
