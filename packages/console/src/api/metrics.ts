/** The answers for every metric of the registry. */
import type { HeatMap, LabelSet, Latency, Span } from './common.js';

/** `GET metrics`: every family of the registry; `GET live?view=metrics`. */
export interface MetricList {
  readonly now: number;
  readonly metrics: MetricHead[];
}

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'gaugehistogram' | 'summary' | 'info' | 'stateset' | 'untyped';

/** `rate`: per second over time; `value`: over time; `latency`: rate, percentiles and heat map; `states`: over time; `labels`: a table. */
export type ChartKind = 'rate' | 'value' | 'latency' | 'states' | 'labels';

export interface MetricHead {
  /** The name of the family. */
  readonly key: string;
  readonly type: MetricType;
  readonly help: string;
  readonly unit: string | null;
  /** Whether it is the application's own, not one that Tsukimi records. */
  readonly isOwn: boolean;
  readonly series: number;
  readonly chart: ChartKind;
  /** Label names. */
  readonly labels: string[];
  readonly promql: { readonly title: string; readonly query: string }[];
}

/** `GET metric?name=`; `GET live?view=metric&name=`. */
export interface MetricDetail {
  readonly now: number;
  readonly span: Span;
  readonly step: number;
  readonly head: MetricHead | null;
  /** At most 50: those with the highest values. */
  readonly series: MetricSeries[];
  readonly seriesLeftOut: number;
  readonly points: MetricPoint[];
  /** Of all series together; null unless the chart is `latency`. */
  readonly heat: HeatMap | null;
}

export interface MetricPoint {
  /** The end of the step. */
  readonly at: number;
  /** One for each of `series`: rates of counters, histograms (of their values) and summaries; values of all others. */
  readonly values: (number | null)[];
}

export interface MetricSeries {
  /** Identifies the series. */
  readonly key: string;
  readonly labels: LabelSet;
  /** The value of now: of counters since the start; of histograms and summaries their count. */
  readonly value: number | null;
  /** Histograms, over the whole range; summaries as they report it. */
  readonly latency: Latency | null;
  /** The state of a state set. */
  readonly state: string | null;
}
