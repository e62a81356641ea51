/** Runs a panel's query against Prometheus, as Grafana does. */
import type { PrometheusServer } from '../prometheus-server.js';
import type { PanelQuery } from './dashboard-json.js';
import { type Choices, interpolate, type TimeWindow } from './interpolation.js';

/** One series of an answer. */
export interface QueriedSeries {
  readonly labels: Readonly<Record<string, string>>;
  /** Time in seconds and value; a single point where the query was for one instant. The value of a native histogram is the count of what it has. */
  readonly points: readonly (readonly [timeSeconds: number, value: number])[];
}

/** From when to when, and with which variables. */
export interface QueryContext {
  readonly choices: Choices;
  readonly fromSeconds: number;
  readonly toSeconds: number;
  readonly scrapeIntervalSeconds: number;
  /** Points of a panel where it does not say; 200 unless given. */
  readonly maxDataPoints?: number;
}

interface NativeHistogram {
  readonly count: string;
}

interface ApiSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value?: readonly [number, string];
  readonly values?: readonly (readonly [number, string])[];
  readonly histogram?: readonly [number, NativeHistogram];
  readonly histograms?: readonly (readonly [number, NativeHistogram])[];
}

interface ApiResult {
  readonly resultType: 'vector' | 'matrix' | 'scalar' | 'string';
  readonly result: readonly ApiSeries[] | readonly [number, string];
}

/** The series that a query gives: an instant's where it asks for one, over the window otherwise. */
export async function runPanelQuery(prometheus: PrometheusServer, query: PanelQuery, context: QueryContext): Promise<QueriedSeries[]> {
  const window = windowOf(query, context);
  const expression = sentQuery(query, context);
  return query.target.instant === true && query.target.range !== true
    ? queryAt(prometheus, expression, window.toSeconds)
    : queryOver(prometheus, expression, window);
}

/** A panel's query as Prometheus gets it. */
export function sentQuery(query: PanelQuery, context: QueryContext): string {
  return interpolate(query.target.expr, context.choices, windowOf(query, context));
}

/** The series of an expression at one moment. */
export async function queryAt(prometheus: PrometheusServer, expression: string, timeSeconds: number): Promise<QueriedSeries[]> {
  const answer = await prometheus.api<ApiResult>(`/api/v1/query?${new URLSearchParams({ query: expression, time: String(timeSeconds) })}`);
  return seriesOf(answer);
}

/** The series of an expression over a stretch of time. */
async function queryOver(prometheus: PrometheusServer, expression: string, window: TimeWindow): Promise<QueriedSeries[]> {
  const { fromSeconds, toSeconds, stepSeconds } = window;
  const parameters = { query: expression, start: String(fromSeconds), end: String(toSeconds), step: String(stepSeconds) };
  return seriesOf(await prometheus.api<ApiResult>(`/api/v1/query_range?${new URLSearchParams(parameters)}`));
}

/** What keeps a panel from showing an answer, or undefined. */
export function problemOf(series: readonly QueriedSeries[]): string | undefined {
  const points = series.flatMap((each) => each.points);
  if (points.length === 0) return 'no data';
  return points.every(([, value]) => Number.isNaN(value)) ? 'nothing but NaN' : undefined;
}

// Grafana asks at whole steps, so that a reload gives the same points.
function windowOf({ panel, target }: PanelQuery, context: QueryContext): TimeWindow {
  const { fromSeconds, toSeconds, scrapeIntervalSeconds, maxDataPoints = 200 } = context;
  const least = Math.max(scrapeIntervalSeconds, secondsOf(target.interval));
  const stepSeconds = Math.max(least, Math.ceil((toSeconds - fromSeconds) / (panel.maxDataPoints ?? maxDataPoints)));
  return { fromSeconds: Math.floor(fromSeconds / stepSeconds) * stepSeconds, toSeconds, stepSeconds, scrapeIntervalSeconds };
}

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600 };

function secondsOf(duration: string | undefined): number {
  const [, amount = '0', unit = 's'] = /^(\d+)([smh])$/.exec(duration ?? '') ?? [];
  return Number(amount) * (SECONDS[unit] ?? 1);
}

function seriesOf({ resultType, result }: ApiResult): QueriedSeries[] {
  if (resultType === 'scalar') return [{ labels: {}, points: [pointOf(result as readonly [number, string])] }];
  return (result as readonly ApiSeries[]).map(({ metric, value, values, histogram, histograms }) => ({
    labels: metric,
    points: [
      ...(values ?? (value === undefined ? [] : [value])).map(pointOf),
      ...(histograms ?? (histogram === undefined ? [] : [histogram])).map(([seconds, { count }]) => pointOf([seconds, count])),
    ],
  }));
}

function pointOf([timeSeconds, value]: readonly [number, string]): readonly [number, number] {
  return [timeSeconds, numberOf(value)];
}

function numberOf(text: string): number {
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  return text === '-Inf' ? Number.NEGATIVE_INFINITY : Number(text);
}
