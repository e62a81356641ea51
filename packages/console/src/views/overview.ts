/** The overview: what happens in the application as a whole. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import type { HealthCheck, Overview, OverviewPoint, OverviewValues } from '../api-types.js';
import { countsIn, distributionIn, increaseIn, rateIn, type Step, secondsOf, stepsOf, valuesAt } from '../history/queries.js';
import type { KnownSeries } from '../history/series-index.js';
import { httpMetrics, measuresHttp } from './http-metrics.js';
import {
  type Asked,
  currentOf,
  latencyOf,
  ratio,
  rounded,
  seriesOf,
  short,
  spanOf,
  stepOf,
  steppedRange,
  type Viewed,
  wholeRange,
} from './view.js';

const NOW: Asked = { seconds: 10, to: undefined, points: 1 };

function healthOf({ sources: { health } }: Viewed): HealthCheck[] {
  return (health?.checks ?? []).map(({ name, kind, result }) => ({
    name,
    kind,
    status: result?.status ?? null,
    duration: result === undefined ? null : short(result.durationMs / 1000),
    message: result?.message ?? null,
    since: result === undefined ? null : Date.parse(result.since) / 1000,
  }));
}

/** Gauges, by the member that shows them. `nodejs_eventloop_lag_*` and the heap come from prom-client. */
const GAUGES = {
  inFlight: [CATALOGUE.httpRequestsInFlight.name, {}, 1],
  streams: [CATALOGUE.httpStreamsInFlight.name, {}, 1],
  cpu: [CATALOGUE.systemCpu.name, {}, 0.01],
  memoryBytes: [CATALOGUE.systemMemory.name, { type: 'rss' }, 1],
  heapBytes: ['nodejs_heap_size_used_bytes', {}, 1],
  eventLoopLag: ['nodejs_eventloop_lag_mean_seconds', {}, 1],
  eventLoopLagP99: ['nodejs_eventloop_lag_p99_seconds', {}, 1],
  eventLoopUtilization: [CATALOGUE.eventLoopUtilization.name, {}, 1],
  uptimeSeconds: [CATALOGUE.systemUptime.name, {}, 1],
} as const;

type GaugeMember = keyof typeof GAUGES;
const MEMBERS = Object.keys(GAUGES) as GaugeMember[];

export function overview(viewed: Viewed, asked: Asked): Overview {
  const { history } = viewed;
  const { requests, durations, errors } = httpMetrics(viewed);
  const hasHttp = requests.length > 0 || measuresHttp(viewed);
  const calls = seriesOf(viewed, CATALOGUE.componentCalls.name);
  const range = wholeRange(viewed, asked);
  const total = increaseIn(range, requests);
  const recent = wholeRange(viewed, NOW);
  const last: Step = { at: recent.to, seconds: secondsOf(recent), frames: recent.frames };
  const steps = stepsOf(steppedRange(viewed, asked), stepOf(asked));
  const gauges = gaugesOver(viewed, steps);
  return {
    now: rounded(history.newest, 3),
    span: spanOf(range),
    step: stepOf(asked),
    current: { ...flows(last, { hasHttp, requests, errors, durations, calls }), ...currentGauges(viewed) },
    total: { requests: total, errors: increaseIn(range, errors), latency: latencyOf(distributionIn(range, durations)) },
    health: healthOf(viewed),
    points: steps.map((step, index) =>
      pointOf(step, flows(step, { hasHttp, requests, errors, durations, calls }), (member) => gauges[member][index] ?? null),
    ),
  };
}

type Flows = Pick<OverviewValues, 'requestRate' | 'errorRate' | 'p50' | 'p95' | 'p99' | 'callRate'>;

interface Flowing {
  readonly hasHttp: boolean;
  readonly requests: readonly KnownSeries[];
  readonly errors: readonly KnownSeries[];
  readonly durations: readonly KnownSeries[];
  readonly calls: readonly KnownSeries[];
}

function flows(step: Step, { hasHttp, requests, errors, durations, calls }: Flowing): Flows {
  const { p50, p95, p99 } = latencyOf(countsIn(step, durations));
  const rate = rateIn(step, requests);
  return {
    requestRate: hasHttp ? short(rate) : null,
    errorRate: ratio(rateIn(step, errors), rate),
    p50,
    p95,
    p99,
    callRate: calls.length === 0 ? null : short(rateIn(step, calls)),
  };
}

function currentGauges(viewed: Viewed): Pick<OverviewValues, GaugeMember> {
  const entries = MEMBERS.map((member) => {
    const [name, labels, factor] = GAUGES[member];
    const value = currentOf(viewed, name, labels);
    return [member, value === null ? null : short(value * factor)];
  });
  return Object.fromEntries(entries);
}

function gaugesOver(viewed: Viewed, steps: readonly Step[]): Record<GaugeMember, (number | null)[]> {
  const entries = MEMBERS.map((member) => {
    const [name, labels, factor] = GAUGES[member];
    const all = seriesOf(viewed, name, labels).map((series) => valuesAt(viewed.history, steps, series));
    const sums = steps.map((_, index) => {
      const there = all.flatMap((values) => values[index] ?? []);
      return there.length === 0 ? null : short(there.reduce((sum, value) => sum + value, 0) * factor);
    });
    return [member, sums];
  });
  return Object.fromEntries(entries);
}

function pointOf({ at }: Step, values: Flows, gauge: (member: GaugeMember) => number | null): OverviewPoint {
  const gauges = Object.fromEntries(MEMBERS.map((member) => [member, gauge(member)])) as Pick<OverviewValues, GaugeMember>;
  return { at, ...values, ...gauges };
}
