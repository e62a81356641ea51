/** A chart of lines over time. Pointing at it tells the values of that time; dragging over it chooses the range. */
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import uPlot from 'uplot';
import type { Span } from '../../src/api-types.js';
import { usePage } from '../context/page-context.js';
import { coloursOf } from './colours.js';
import { clock, clocks } from './format.js';

/** A colour of the style sheet. */
export type LineColour = 'accent' | 'wrong' | `tone-${1 | 2 | 3}` | `series-${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8}`;

export interface Line {
  readonly label: string;
  readonly colour: LineColour;
  readonly values: readonly (number | null)[];
}

export interface ChartProps {
  readonly title: string;
  readonly span: Span;
  /** The times of the values. */
  readonly at: readonly number[];
  readonly lines: readonly Line[];
  readonly show: (value: number | null) => string;
  /** The top if no value is higher. */
  readonly atLeast?: number;
  /** Distances of the lines of the grid, for units that are not decimal. */
  readonly grid?: readonly number[];
  /** Whether the axis begins at zero. @default true */
  readonly fromZero?: boolean;
  /** Fills the area below the first line. */
  readonly isFilled?: boolean;
}

const HEIGHT = 200;

/** As wide for every chart, so that times stand above each other, and nothing moves when values change. */
export const AXIS_WIDTH = 64;
export const RIGHT_MARGIN = 8;

export function Chart(props: ChartProps) {
  const { title, at, lines, show } = props;
  const { theme, go } = usePage();
  const host = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [pointed, setPointed] = useState<number | null>(null);
  const shape = `${theme} ${lines.map(({ label, colour }) => `${colour}:${label}`).join('\n')}`;
  useLayoutEffect(() => {
    const element = host.current as HTMLDivElement;
    const made = new uPlot(
      optionsOf(element, latest, { point: setPointed, choose: (from, to) => go({ range: { from, to } }) }),
      dataOf(latest.current),
      element,
    );
    chart.current = made;
    const sizes = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height: HEIGHT }));
    sizes.observe(element);
    return () => {
      sizes.disconnect();
      made.destroy();
      chart.current = undefined;
    };
  }, [shape]);
  useEffect(() => {
    chart.current?.setData(dataOf(props));
  }, [props.at, props.lines, props.span]);
  const index = pointed !== null && pointed < at.length ? pointed : at.length - 1;
  return (
    <div class="chart">
      <ul class="legend" aria-label={`${title}: ${pointed === null ? 'newest values' : 'values pointed at'}`}>
        {lines.map(({ label, colour, values }) => (
          <li key={label}>
            <span class={`swatch swatch-${colour}`} aria-hidden="true" />
            <span class="legend-label" title={label}>
              {label}
            </span>
            <span class="legend-value">{show(values[index] ?? null)}</span>
          </li>
        ))}
        <li class="legend-time">{pointed === null || at[index] === undefined ? '' : clock(at[index])}</li>
      </ul>
      <div class="plot" ref={host} role="img" aria-label={summaryOf(props)} />
    </div>
  );
}

interface Handlers {
  point(index: number | null): void;
  choose(from: number, to: number): void;
}

function optionsOf(element: HTMLElement, latest: { readonly current: ChartProps }, { point, choose }: Handlers): uPlot.Options {
  const { lines, grid, isFilled = false } = latest.current;
  const colours = coloursOf(element, ['quiet', 'line', 'card', 'accent-soft', ...lines.map(({ colour }) => colour)]);
  const font = `12px ${getComputedStyle(element).fontFamily}`;
  const axis = { stroke: colours.quiet, font, grid: { stroke: colours.line, width: 1 }, ticks: { show: false } };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    padding: [8, RIGHT_MARGIN, 0, 0],
    legend: { show: false },
    scales: {
      x: { time: true, range: () => [latest.current.span.from, latest.current.span.to] },
      y: { range: (_, low, high) => rangeOf(latest.current, low, high) },
    },
    axes: [
      { ...axis, grid: { show: false }, size: 28, space: 80, values: (plot, splits) => timeLabels(splits, plot) },
      {
        ...axis,
        size: AXIS_WIDTH,
        space: 40,
        ...(grid && { incrs: [...grid] }),
        values: (_, splits) => splits.map((value) => latest.current.show(value)),
      },
    ],
    series: [
      {},
      ...lines.map(({ label, colour }, position) => ({
        label,
        stroke: colours[colour],
        width: 1.5,
        points: { show: false },
        ...(isFilled && position === 0 && { fill: colours['accent-soft'] }),
      })),
    ],
    cursor: {
      sync: { key: 'charts' },
      drag: { x: true, y: false, setScale: false },
      points: { size: 7, fill: (_, series) => colours[lines[series - 1]?.colour ?? 'accent'] },
      y: false,
    },
    hooks: {
      setCursor: [({ cursor }) => point(cursor.left !== undefined && cursor.left >= 0 ? (cursor.idx ?? null) : null)],
      setSelect: [
        (plot) => {
          const { left, width } = plot.select;
          if (width < 4) return;
          const timeAt = (x: number): number => Math.round(plot.posToVal(x, 'x'));
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          if (timeAt(left + width) > timeAt(left)) choose(timeAt(left), timeAt(left + width));
        },
      ],
    },
  };
}

function dataOf({ at, lines }: ChartProps): uPlot.AlignedData {
  return [[...at], ...lines.map(({ values }) => [...values])];
}

function rangeOf({ fromZero = true, atLeast = 0 }: ChartProps, low: number | null, high: number | null): [number, number] {
  const top = Math.max(high ?? 0, atLeast);
  const bottom = fromZero ? Math.min(0, low ?? 0) : (low ?? 0);
  if (top === bottom) return bottom === 0 ? [0, 1] : [bottom - Math.abs(bottom) * 0.1, top + Math.abs(top) * 0.1];
  return [bottom === 0 ? 0 : bottom - (top - bottom) * 0.05, top + (top - bottom) * 0.08];
}

/** None where half of it would be outside. */
function timeLabels(splits: readonly number[], plot: uPlot): string[] {
  const end = plot.width - AXIS_WIDTH - RIGHT_MARGIN - 20;
  return clocks(splits).map((text, index) => (plot.valToPos(splits[index] ?? 0, 'x') > end ? '' : text));
}

function summaryOf({ title, lines, show }: ChartProps): string {
  const texts = lines.slice(0, 8).map(({ label, values }) => {
    const present = values.filter((value) => value !== null);
    return present.length === 0 ? `${label} no values` : `${label} from ${show(Math.min(...present))} to ${show(Math.max(...present))}`;
  });
  return `${title} over time: ${texts.join(', ')}`;
}
