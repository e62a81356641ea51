/** The whole application in numbers, each over the range. */
import type { Overview, OverviewValues } from '../../src/api-types.js';
import { usePage } from '../context/page-context.js';
import { useLive } from '../data/use-live.js';
import { Badge } from '../parts/badge.js';
import { bytes, count, counted, duration, percent, perSecond, span } from '../parts/format.js';
import { Sparkline } from '../parts/sparkline.js';
import { Loading } from '../parts/states.js';
import { chartSpan } from '../parts/time-range.js';

interface Tile {
  readonly title: string;
  readonly of: keyof OverviewValues;
  readonly show: (value: number | null) => string;
  /** Of the sparkline, so that noise of a quiet application does not look like a mountain. */
  readonly atLeast?: number;
  readonly isWrong?: (value: number) => boolean;
}

interface Group {
  readonly title: string;
  readonly tiles: readonly Tile[];
  readonly about: (overview: Overview) => readonly string[];
}

const GROUPS: readonly Group[] = [
  {
    title: 'Traffic',
    about: ({ total, current }) => [
      total.requests === 0
        ? 'No requests in the range'
        : `${counted(total.requests, 'request')} and ${counted(total.errors, 'error')} in the range`,
      ...(current.streams ? [counted(current.streams, 'open stream')] : []),
    ],
    tiles: [
      { title: 'Requests', of: 'requestRate', show: perSecond },
      { title: 'Error rate', of: 'errorRate', show: percent, atLeast: 0.05, isWrong: (value) => value > 0 },
      { title: 'In flight', of: 'inFlight', show: count, atLeast: 4 },
      { title: 'Component calls', of: 'callRate', show: perSecond },
    ],
  },
  {
    title: 'Latency',
    about: ({ total: { latency } }) => [
      latency.p50 === null
        ? 'No responses in the range'
        : `p50 ${duration(latency.p50)}, p95 ${duration(latency.p95)}, p99 ${duration(latency.p99)} in the range`,
    ],
    tiles: [
      { title: 'p50', of: 'p50', show: duration },
      { title: 'p95', of: 'p95', show: duration },
      { title: 'p99', of: 'p99', show: duration },
      { title: 'Event-loop lag', of: 'eventLoopLag', show: duration, atLeast: 0.02, isWrong: (value) => value > 0.1 },
    ],
  },
  {
    title: 'Process',
    about: ({ current: { uptimeSeconds, eventLoopLagP99 } }) => [
      ...(uptimeSeconds === null ? [] : [`Up for ${span(uptimeSeconds)}`]),
      ...(eventLoopLagP99 === null ? [] : [`event-loop lag p99 ${duration(eventLoopLagP99)}`]),
    ],
    tiles: [
      { title: 'CPU', of: 'cpu', show: percent, atLeast: 0.5 },
      { title: 'Memory', of: 'memoryBytes', show: bytes },
      { title: 'Heap', of: 'heapBytes', show: bytes },
      { title: 'Event-loop utilization', of: 'eventLoopUtilization', show: percent, atLeast: 0.5, isWrong: (value) => value > 0.9 },
    ],
  },
];

export function OverviewView() {
  const overview = useLive('overview');
  if (overview === undefined) return <Loading what="the overview" />;
  return (
    <>
      {overview.health.length > 0 && <Health overview={overview} />}
      {GROUPS.map(({ title, tiles, about }) => (
        <section key={title} class="group" aria-labelledby={`group-${title}`}>
          <div class="group-head">
            <h2 id={`group-${title}`}>{title}</h2>
            <p>{about(overview).join(' · ')}</p>
          </div>
          <ul class="tiles">
            {tiles.map((tile) => (
              <TileCard key={tile.of} tile={tile} overview={overview} />
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}

function Health({ overview: { health, now } }: { readonly overview: Overview }) {
  const down = health.filter(({ status }) => status === 'down').length;
  return (
    <section class="group" aria-labelledby="group-health">
      <div class="group-head">
        <h2 id="group-health">Health</h2>
        <p>{down === 0 ? `${counted(health.length, 'check')}, none is down` : `${down} of ${counted(health.length, 'check')} down`}</p>
      </div>
      <ul class="health">
        {health.map(({ name, kind, status, duration: seconds, message, since }) => (
          <li key={name} class={status === 'down' ? 'health-check health-down' : 'health-check'}>
            <p class="health-name">
              <span>{name}</span>
              <Badge tone={status === 'down' ? 'wrong' : status === 'up' ? 'good' : 'plain'}>{status ?? 'not yet run'}</Badge>
            </p>
            <p class="health-about">
              {kind}
              {since !== null && `, ${status} for ${span(Math.max(0, now - since))}`}
              {seconds !== null && `, takes ${duration(seconds)}`}
            </p>
            {message !== null && <p class="health-message">{message}</p>}
          </li>
        ))}
      </ul>
    </section>
  );
}

function TileCard({ tile, overview }: { readonly tile: Tile; readonly overview: Overview }) {
  const { title, of, show, atLeast, isWrong } = tile;
  const { address } = usePage();
  const { current, points } = overview;
  const { from, to } = chartSpan(address.range, overview);
  const value = current[of];
  const wrong = value !== null && isWrong?.(value) === true;
  return (
    <li class={wrong ? 'tile tile-wrong' : 'tile'}>
      <h3>{title}</h3>
      <p class="tile-value">{show(value)}</p>
      <Sparkline
        title={title}
        at={points.map(({ at }) => at)}
        values={points.map((point) => point[of])}
        from={from}
        to={to}
        show={show}
        isWrong={wrong}
        {...(atLeast !== undefined && { atLeast })}
      />
    </li>
  );
}
