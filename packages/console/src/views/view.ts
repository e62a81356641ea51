/** What views are made of, and what they share. */
import type { ConsoleSources } from '@tsukimi/instrumentation';
import type { Latency, Span } from '../api-types.js';
import type { BucketCounts } from '../history/bucket-counts.js';
import type { History } from '../history/history.js';
import { type Range, rangeOf } from '../history/queries.js';
import type { KnownSeries } from '../history/series-index.js';

export interface Viewed {
  readonly history: History;
  readonly sources: ConsoleSources;
}

/** A range that was asked for. */
export interface Asked {
  /** Seconds before the newest sample, or a range of time. */
  readonly seconds: number;
  /** The end; undefined for the newest sample. */
  readonly to: number | undefined;
  /** The most steps of a chart. */
  readonly points: number;
}

const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1200, 1800, 3600];

/** The length of the steps of a chart. */
export function stepOf({ seconds, points }: Asked): number {
  return STEPS.find((step) => seconds / step <= points) ?? Math.ceil(seconds / points);
}

/** The frames of a range, as long as possible: for sums. */
export function wholeRange({ history }: Viewed, { seconds, to = history.newest }: Asked): Range {
  return rangeOf(history, { from: to - seconds, to });
}

/** The frames of a range that are not longer than a step: for charts. */
export function steppedRange({ history }: Viewed, asked: Asked): Range {
  const { seconds, to = history.newest } = asked;
  return rangeOf(history, { from: to - seconds, to, longest: stepOf(asked) });
}

export function spanOf({ from, to }: Range): Span {
  return { from: rounded(from, 3), to: rounded(to, 3) };
}

/** All series of a metric, or those with these labels. */
export function seriesOf({ history }: Viewed, name: string, labels: Readonly<Record<string, string>> = {}): KnownSeries[] {
  const all = [...(history.index.families.get(name)?.series.values() ?? [])];
  const wanted = Object.entries(labels);
  return wanted.length === 0 ? all : all.filter((series) => wanted.every(([label, value]) => (series.labels[label] ?? '') === value));
}

/** The sum of the current values of gauges; null if there are none. */
export function currentOf(viewed: Viewed, name: string, labels: Readonly<Record<string, string>> = {}): number | null {
  const values = seriesOf(viewed, name, labels).flatMap(({ value }) => (Number.isFinite(value) ? value : []));
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0);
}

export function latencyOf(counts: BucketCounts | undefined): Latency {
  const quantile = (q: number) => short(counts?.quantile(q) ?? null);
  return { p50: quantile(0.5), p95: quantile(0.95), p99: quantile(0.99), average: short(counts?.average ?? null) };
}

/** Four digits, which is more than anyone reads: what changed by less is not sent again. */
export function short<T extends number | null>(value: T): T {
  return value === null || !Number.isFinite(value) ? (null as T) : (Number(value.toPrecision(4)) as T);
}

export function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

export function ratio(part: number, whole: number): number | null {
  return whole > 0 ? short(part / whole) : null;
}
