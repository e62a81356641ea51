/** Metric families: the state of metrics as plain data, in one form for every kind and for prom-client's metrics. */
import type { WrittenExemplar } from './exemplar.js';
import type { Aggregator } from './instruments/metric-object.js';

/** A number, or the text of one that JSON does not have. `numberOf` converts it. */
export type MetricValue = number | '+Inf' | '-Inf' | 'NaN';

/** Labels by name, default labels included, without empty ones. */
export type LabelRecord = Readonly<Record<string, string>>;

/** The common part of the points of all kinds. A point is the state of one label set. */
interface Labelled {
  readonly labels: LabelRecord;
}

/** The time since which the values of a point count, in seconds since 1970. Missing in metrics of prom-client. */
interface Cumulative extends Labelled {
  readonly createdSeconds?: number;
}

export interface CounterPoint extends Cumulative {
  readonly value: number;
  /** The newest exemplar. */
  readonly exemplar?: WrittenExemplar;
}

export interface GaugePoint extends Labelled {
  readonly value: MetricValue;
}

/**
 * The exponential buckets of a distribution, from the first with values to the last: the value with index `i` in `counts` is the number of values in
 * (2^((offset + i - 1) / BUCKETS_PER_OCTAVE), 2^((offset + i) / BUCKETS_PER_OCTAVE)].
 */
export interface FineBuckets {
  /** The number of values that are 0. */
  readonly zeros: number;
  readonly offset: number;
  readonly counts: readonly number[];
}

export interface HistogramPoint extends Cumulative {
  readonly count: number;
  readonly sum: number;
  /** The number of values in each classic bucket, not cumulative. The last is for values above the highest bound. */
  readonly buckets: readonly number[];
  /** Missing in metrics of prom-client, which have classic buckets only. */
  readonly fine?: FineBuckets;
  /** The newest exemplar of each classic bucket, null if it has none. */
  readonly exemplars?: readonly (WrittenExemplar | null)[];
}

export interface SummaryPoint extends Cumulative {
  readonly count: number;
  readonly sum: number;
  /** Ascending. */
  readonly quantiles: readonly { readonly quantile: number; readonly value: MetricValue }[];
}

export interface InfoPoint extends Labelled {}

export interface StateSetPoint extends Labelled {
  /** The current state; empty until it is set. */
  readonly active: readonly string[];
}

/** The common part of the families of all kinds. */
export interface FamilyHead {
  /** The name under which the metric is registered, such as `http_requests_total`. */
  readonly name: string;
  readonly help: string;
  /** The unit that was set, or the end of the name if it is a base unit such as `seconds`. */
  readonly unit?: string;
}

/** Of values that have no start: a delta lists the label sets that are gone since the read before. */
interface Current {
  readonly removed?: readonly LabelRecord[];
}

export interface CounterFamily extends FamilyHead {
  readonly type: 'counter';
  readonly points: readonly CounterPoint[];
}

export interface GaugeFamily extends FamilyHead, Current {
  readonly type: 'gauge';
  /** How values of several processes are merged. */
  readonly aggregator: Aggregator;
  readonly points: readonly GaugePoint[];
}

/** Of `histogram`, the values count since the start; of `gaugehistogram`, which only other libraries have, they are current ones. */
export interface HistogramFamily extends FamilyHead, Current {
  readonly type: 'histogram' | 'gaugehistogram';
  /** Upper bounds of the classic buckets, ascending, without +Inf. */
  readonly bounds: readonly number[];
  readonly points: readonly HistogramPoint[];
}

export interface SummaryFamily extends FamilyHead {
  readonly type: 'summary';
  readonly points: readonly SummaryPoint[];
}

export interface InfoFamily extends FamilyHead, Current {
  readonly type: 'info';
  readonly points: readonly InfoPoint[];
}

export interface StateSetFamily extends FamilyHead, Current {
  readonly type: 'stateset';
  readonly states: readonly string[];
  readonly points: readonly StateSetPoint[];
}

/** Samples of another library whose type is unknown, or that do not belong to their metric. */
export interface UntypedFamily extends FamilyHead, Current {
  readonly type: 'untyped';
  readonly points: readonly GaugePoint[];
}

/** One metric with all its label sets, told apart by `type`. Plain JSON. */
export type MetricFamily = CounterFamily | GaugeFamily | HistogramFamily | SummaryFamily | InfoFamily | StateSetFamily | UntypedFamily;

/** The state of one label set, of any kind. */
export type MetricPoint = MetricFamily['points'][number];

/** A point before its labels. */
export type Unlabelled<P> = P extends unknown ? Omit<P, 'labels'> : never;

/** Converts a number for a point. */
export function metricValue(value: number): MetricValue {
  if (Number.isFinite(value)) return value;
  if (Number.isNaN(value)) return 'NaN';
  return value > 0 ? '+Inf' : '-Inf';
}

/** Returns the number of a value, which may be infinite or NaN. */
export function numberOf(value: MetricValue): number {
  if (typeof value === 'number') return value;
  if (value === 'NaN') return Number.NaN;
  return value === '+Inf' ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}
