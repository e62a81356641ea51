/** One route or method: its numbers over time, its distribution, its last errors. */
import { CATALOGUE, type FailedCall, type KeptErrors } from '@tsukimi/instrumentation';
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
    lastErrors: (viewed.sources.errors?.ofRoute(routeKey(method, path)) ?? []).map(shownError),
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

/** Of a method, of all methods of a component, of a route, or all. */
export interface ErrorsOf {
  readonly component?: string;
  readonly method?: string;
  readonly route?: string;
}

export function lastErrors({ sources, history }: Viewed, of: ErrorsOf): LastErrors {
  const { errors } = sources;
  const found = errors === undefined ? [] : errorsOf(errors, of);
  return { now: rounded(history.newest, 3), isKept: errors !== undefined, errors: found.slice(0, MOST_ERRORS).map(shownError) };
}

function errorsOf(errors: KeptErrors, { component, method, route }: ErrorsOf): readonly FailedCall[] {
  if (route !== undefined) return errors.ofRoute(route);
  if (component === undefined) return errors.all;
  return method === undefined
    ? errors.all.filter((each) => each.of === 'method' && each.component === component)
    : errors.of(component, method);
}

function shownError({ id, atMs, component, method, type, message, route }: FailedCall): LastError {
  return {
    id,
    at: atMs / 1000,
    type,
    message: message ?? null,
    component: component ?? null,
    method: method ?? null,
    route: route ?? null,
  };
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
