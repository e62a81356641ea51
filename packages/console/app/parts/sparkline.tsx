/** A small chart without axes. Pointing at it tells the value of that time. */
import { useState } from 'preact/hooks';
import { clock } from './format.js';

const WIDTH = 240;
const HEIGHT = 44;
const INSET = 2;

export interface SparklineProps {
  readonly title: string;
  readonly at: readonly number[];
  readonly values: readonly (number | null)[];
  /** The range in seconds since 1970. */
  readonly from: number;
  readonly to: number;
  readonly show: (value: number | null) => string;
  /** The top of the chart if no value is higher. */
  readonly atLeast?: number;
  readonly isWrong?: boolean;
}

export function Sparkline({ title, at, values, from, to, show, atLeast = 0, isWrong = false }: SparklineProps) {
  const [pointed, setPointed] = useState<number>();
  const present = values.filter((value) => value !== null);
  const highest = Math.max(...present, atLeast, Number.MIN_VALUE);
  const xOf = (index: number): number => (((at[index] ?? from) - from) / Math.max(1, to - from)) * WIDTH;
  const yOf = (value: number): number => HEIGHT - INSET - (value / highest) * (HEIGHT - 2 * INSET);
  const { line, area } = pathsOf(values, { xOf, yOf });
  const onMove = (event: PointerEvent): void => {
    const { left, width } = (event.currentTarget as Element).getBoundingClientRect();
    const x = ((event.clientX - left) / width) * WIDTH;
    setPointed(
      nearest(
        at.map((_, index) => xOf(index)),
        x,
      ),
    );
  };
  const value = pointed === undefined ? null : (values[pointed] ?? null);
  const label =
    present.length === 0
      ? `${title}: no values in the range`
      : `${title}: from ${show(Math.min(...present))} to ${show(Math.max(...present))} in the range`;
  return (
    <div class="spark" onPointerMove={onMove} onPointerLeave={() => setPointed(undefined)}>
      <svg
        class={isWrong ? 'spark-wrong' : undefined}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={label}
      >
        <path class="spark-area" d={area} />
        <path class="spark-line" d={line} />
        {pointed !== undefined && <path class="spark-cursor" d={`M${xOf(pointed).toFixed(1)} 0V${HEIGHT}`} />}
      </svg>
      {pointed !== undefined && (
        <p class="spark-tip" aria-hidden="true">
          {show(value)} <span>{clock(at[pointed] ?? 0)}</span>
        </p>
      )}
    </div>
  );
}

interface Scales {
  xOf(index: number): number;
  yOf(value: number): number;
}

/** A gap where there is no value. */
export function pathsOf(values: readonly (number | null)[], { xOf, yOf }: Scales): { readonly line: string; readonly area: string } {
  let line = '';
  let area = '';
  let start: number | undefined;
  values.forEach((value, index) => {
    if (value === null) return;
    const point = `${xOf(index).toFixed(1)} ${yOf(value).toFixed(1)}`;
    const begins = (values[index - 1] ?? null) === null;
    if (begins) start = xOf(index);
    line += `${begins ? 'M' : 'L'}${point}`;
    area += begins ? `M${xOf(index).toFixed(1)} ${yOf(0).toFixed(1)}L${point}` : `L${point}`;
    if ((values[index + 1] ?? null) === null) {
      area += `L${xOf(index).toFixed(1)} ${yOf(0).toFixed(1)}Z`;
      // A value alone is a dot.
      if (start === xOf(index)) line += 'h0';
    }
  });
  return { line, area };
}

function nearest(places: readonly number[], x: number): number | undefined {
  let best: number | undefined;
  places.forEach((place, index) => {
    if (best === undefined || Math.abs(place - x) < Math.abs((places[best] as number) - x)) best = index;
  });
  return best;
}
