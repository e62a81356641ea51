/** The whole application in numbers, each with its last quarter of an hour. */
import type { Overview, OverviewValues } from '../../src/api-types.js';
import { count, duration, megabytes, percent, perSecond, span } from '../format.js';

interface Tile {
  readonly title: string;
  readonly of: keyof OverviewValues;
  readonly show: (value: number | null) => string;
}

const TILES: readonly Tile[] = [
  { title: 'Requests', of: 'requestRate', show: perSecond },
  { title: 'Errors', of: 'errorRate', show: percent },
  { title: 'p50', of: 'p50', show: duration },
  { title: 'p95', of: 'p95', show: duration },
  { title: 'p99', of: 'p99', show: duration },
  { title: 'In flight', of: 'inFlight', show: count },
  { title: 'Component calls', of: 'callRate', show: perSecond },
  { title: 'CPU', of: 'cpu', show: percent },
  { title: 'Memory', of: 'memoryBytes', show: megabytes },
  { title: 'Heap', of: 'heapBytes', show: megabytes },
  { title: 'Event-loop lag', of: 'eventLoopLag', show: duration },
  { title: 'Event-loop utilization', of: 'eventLoopUtilization', show: percent },
];

export function OverviewView({ overview }: { readonly overview: Overview }) {
  return (
    <>
      <p class="note">
        Rates are those of the last 10 seconds. Running for {span(overview.current.uptimeSeconds)}; {count(overview.total.requests)}{' '}
        requests in the range.
      </p>
      <ul class="tiles">
        {TILES.map(({ title, of, show }) => (
          <li key={title} class={of === 'errorRate' && (overview.current.errorRate ?? 0) > 0 ? 'tile wrong' : 'tile'}>
            <h2>{title}</h2>
            <p class="value">{show(overview.current[of])}</p>
            <Sparkline title={title} values={overview.points.map((point) => point[of])} />
          </li>
        ))}
      </ul>
    </>
  );
}

const WIDTH = 160;
const HEIGHT = 36;

function Sparkline({ title, values }: { readonly title: string; readonly values: readonly (number | null)[] }) {
  const highest = Math.max(...values.map((value) => value ?? 0), Number.MIN_VALUE);
  const xOf = (index: number): number => (index / Math.max(1, values.length - 1)) * WIDTH;
  const yOf = (value: number): number => HEIGHT - 2 - (value / highest) * (HEIGHT - 4);
  const path = values
    .map((value, index) =>
      value === null ? '' : `${(values[index - 1] ?? null) === null ? 'M' : 'L'}${xOf(index).toFixed(1)} ${yOf(value).toFixed(1)}`,
    )
    .join('');
  return (
    <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`${title} over the range`}>
      <path d={path} />
    </svg>
  );
}
