/** The tables of routes and of methods. */
import { CATALOGUE, type LastCalls, lastCallsOf } from '@tsukimi/instrumentation';
import type { Activity, MethodRow, RouteRow, Table } from '../api-types.js';
import { BucketCounts } from '../history/bucket-counts.js';
import { type Range, RangeSums, secondsOf } from '../history/queries.js';
import type { KnownSeries } from '../history/series-index.js';
import { httpMetrics } from './http-metrics.js';
import { type Asked, latencyOf, ratio, rounded, seriesOf, short, spanOf, type Viewed, wholeRange } from './view.js';

/** What is added up for a row. */
interface Sums {
  count: number;
  errors: number;
  durations: BucketCounts | undefined;
  lastCalled: number | null;
}

class Rows<S extends Sums> {
  readonly all = new Map<string, S>();

  constructor(private readonly make: (labels: Readonly<Record<string, string>>) => S) {}

  of(key: string, labels: Readonly<Record<string, string>>): S {
    let row = this.all.get(key);
    if (row === undefined) {
      row = this.make(labels);
      this.all.set(key, row);
    }
    return row;
  }
}

export function routeKey(method: string, path: string): string {
  return `${method} ${path}`;
}

export function methodKey(component: string, method: string): string {
  return `${component}.${method}`;
}

export function routes(viewed: Viewed, asked: Asked): Table<RouteRow> {
  const range = wholeRange(viewed, asked);
  const sums = new RangeSums(range, viewed.history);
  const rows = new Rows(({ method = '', path = '' }) => ({
    ...nothing(),
    method,
    path,
    clientErrors: 0,
    byStatus: {} as Record<string, number>,
  }));
  const http = httpMetrics(viewed);
  const rowOf = (series: KnownSeries) => {
    const { method, path } = http.labelsOf(series);
    return rows.of(routeKey(method, path), { method, path });
  };
  for (const series of http.requests) {
    const row = rowOf(series);
    const count = sums.increase(series);
    const { status } = http.labelsOf(series);
    row.count += count;
    if (status.startsWith('5')) row.errors += count;
    if (status.startsWith('4')) row.clientErrors += count;
    if (count > 0) row.byStatus[status] = (row.byStatus[status] ?? 0) + count;
  }
  for (const series of http.durations) addDurations(rowOf(series), sums.distribution(series));
  for (const { method, path, at } of lastCalls(viewed).endpoints) called(rows.of(routeKey(method, path), { method, path }), at);
  return table(viewed, { range, rows: rows.all }, ({ method, path, clientErrors, byStatus }) => ({ method, path, clientErrors, byStatus }));
}

function lastCalls({ sources }: Viewed): LastCalls {
  return sources.lastCalls?.() ?? lastCallsOf(sources.registry);
}

export function components(viewed: Viewed, asked: Asked): Table<MethodRow> {
  const range = wholeRange(viewed, asked);
  const sums = new RangeSums(range, viewed.history);
  const rows = new Rows(({ component = '', method = '' }) => ({ ...nothing(), component, method, byError: {} as Record<string, number> }));
  const rowOf = ({ labels }: KnownSeries) => rows.of(methodKey(labels['component'] ?? '', labels['method'] ?? ''), labels);
  for (const series of seriesOf(viewed, CATALOGUE.componentCalls.name)) {
    const row = rowOf(series);
    const count = sums.increase(series);
    row.count += count;
    if (series.labels['status'] === 'failure') row.errors += count;
  }
  for (const series of seriesOf(viewed, CATALOGUE.componentFailures.name)) {
    const count = sums.increase(series);
    const error = series.labels['error'] ?? '';
    if (count > 0) rowOf(series).byError[error] = count;
  }
  for (const series of seriesOf(viewed, CATALOGUE.componentDuration.name)) addDurations(rowOf(series), sums.distribution(series));
  for (const { component, method, at } of lastCalls(viewed).methods)
    called(rows.of(methodKey(component, method), { component, method }), at);
  const kinds = new Map<string, string>();
  const kindOf = (component: string): string => {
    const kind = kinds.get(component) ?? viewed.sources.kindOf(component) ?? '';
    kinds.set(component, kind);
    return kind;
  };
  return table(viewed, { range, rows: rows.all }, ({ component, method, byError }) => ({
    component,
    method,
    byError,
    kind: kindOf(component),
  }));
}

function nothing(): Sums {
  return { count: 0, errors: 0, durations: undefined, lastCalled: null };
}

function addDurations(row: Sums, durations: BucketCounts | undefined): void {
  if (durations === undefined) return;
  if (row.durations === undefined) row.durations = durations;
  else {
    const both = new BucketCounts(durations.scale);
    both.merge(row.durations);
    both.merge(durations);
    row.durations = both;
  }
}

function called(row: Sums, at: Date): void {
  row.lastCalled = Math.max(row.lastCalled ?? 0, rounded(at.getTime() / 1000, 1));
}

function table<S extends Sums, Own extends object>(
  { history }: Viewed,
  { range, rows }: { readonly range: Range; readonly rows: ReadonlyMap<string, S> },
  own: (row: S) => Own,
): Table<Activity & Own> {
  const seconds = secondsOf(range);
  const whole = [...rows.values()].reduce((sum, { durations }) => sum + (durations?.sum ?? 0), 0);
  const activities = [...rows].map(([key, row]) => {
    const { count, errors, durations, lastCalled } = row;
    return {
      key,
      count,
      rate: seconds > 0 ? short(count / seconds) : 0,
      errors,
      errorRate: ratio(errors, count),
      latency: latencyOf(durations),
      totalSeconds: short(durations?.sum ?? 0),
      share: ratio(durations?.sum ?? 0, whole) ?? 0,
      lastCalled,
      ...own(row),
    };
  });
  return { now: rounded(history.newest, 3), span: spanOf(range), rows: activities };
}
