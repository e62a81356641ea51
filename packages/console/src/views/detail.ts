/** One route or method: its numbers over time, its distribution, its last errors. */
import { CATALOGUE, type FailedCall } from '@tsukimi/instrumentation';
import type { Detail, DetailPoint, LastError, LastErrors, MethodRow, RouteRow } from '../api-types.js';
import { countsIn, rateIn, type Step, stepsOf } from '../history/queries.js';
import type { KnownSeries } from '../history/series-index.js';
import { heatMap } from './heat-map.js';
import { httpMetrics } from './http-metrics.js';
import { components, methodKey, routeKey, routes } from './tables.js';
import { type Asked, latencyOf, rounded, seriesOf, short, stepOf, steppedRange, type Viewed } from './view.js';

export function routeDetail(
  viewed: Viewed,
  asked: Asked,
  { method, path }: { readonly method: string; readonly path: string },
): Detail<RouteRow> {
  const { rows, span } = routes(viewed, asked);
  const { requests, errors, durations } = httpMetrics(viewed, { method, path });
  return {
    span,
    row: rows.find(({ key }) => key === routeKey(method, path)) ?? null,
    // Known only where requests have a context.
    lastErrors: (viewed.sources.errors?.all ?? [])
      .filter(({ route }) => route === routeKey(method, path))
      .slice(0, MOST_OF_ROUTE)
      .map(shownError),
    ...overTime(viewed, asked, { all: requests, failed: errors, durations }),
  };
}

export function methodDetail(
  viewed: Viewed,
  asked: Asked,
  { component, method }: { readonly component: string; readonly method: string },
): Detail<MethodRow> {
  const { rows, span } = components(viewed, asked);
  const calls = seriesOf(viewed, CATALOGUE.componentCalls.name, { component, method });
  return {
    span,
    row: rows.find(({ key }) => key === methodKey(component, method)) ?? null,
    lastErrors: (viewed.sources.errors?.of(component, method) ?? []).map(shownError),
    ...overTime(viewed, asked, {
      all: calls,
      failed: calls.filter(({ labels }) => labels['status'] === 'failure'),
      durations: seriesOf(viewed, CATALOGUE.componentDuration.name, { component, method }),
    }),
  };
}

const MOST_ERRORS = 200;
const MOST_OF_ROUTE = 20;

export function lastErrors({ sources, history }: Viewed, of: { readonly component?: string; readonly method?: string }): LastErrors {
  const { errors } = sources;
  const { component, method } = of;
  const found = component !== undefined && method !== undefined ? errors?.of(component, method) : errors?.all;
  const asked = (found ?? []).filter((each) => component === undefined || each.component === component);
  return { now: rounded(history.newest, 3), isKept: errors !== undefined, errors: asked.slice(0, MOST_ERRORS).map(shownError) };
}

function shownError({ id, atMs, component, method, type, message, route }: FailedCall): LastError {
  return { id, at: atMs / 1000, type, message: message ?? null, component, method, route: route ?? null };
}

interface Parts {
  readonly all: readonly KnownSeries[];
  readonly failed: readonly KnownSeries[];
  readonly durations: readonly KnownSeries[];
}

function overTime(viewed: Viewed, asked: Asked, { all, failed, durations }: Parts): Pick<Detail, 'now' | 'step' | 'points' | 'heat'> {
  const step = stepOf(asked);
  const steps = stepsOf(steppedRange(viewed, asked), step);
  const columns = steps.map((each) => ({ at: each.at, counts: countsIn(each, durations) }));
  const pointOf = (each: Step, index: number): DetailPoint => {
    const { p50, p95, p99 } = latencyOf(columns[index]?.counts);
    return { at: each.at, rate: short(rateIn(each, all)), errorRate: short(rateIn(each, failed)), p50, p95, p99 };
  };
  return { now: rounded(viewed.history.newest, 3), step, points: steps.map(pointOf), heat: heatMap(columns) };
}
