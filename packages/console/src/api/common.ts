/** What several answers of the live page have in common. */

/** A label set: names and values. */
export type LabelSet = Readonly<Record<string, string>>;

/**
 * The part of the history that an answer is about. `from` and `to` are what the history can give, which may be a little more or less than was asked
 * for: old history is kept in coarser steps.
 */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Numbers over a range. Percentiles are those of all values in the range, from merged distributions, at most 2.2 % off. */
export interface Latency {
  readonly p50: number | null;
  readonly p95: number | null;
  readonly p99: number | null;
  readonly average: number | null;
}

/** A distribution over time. The buckets are the same for all columns. */
export interface HeatMap {
  /** Upper bounds of the buckets, ascending; a bucket begins where the one before ends. Empty if nothing was recorded. */
  readonly bounds: number[];
  /** The lower bound of the first bucket. */
  readonly lowest: number;
  readonly columns: HeatColumn[];
}

export interface HeatColumn {
  readonly at: number;
  /** Values in each bucket. */
  readonly counts: number[];
}

/** Every answer with a status of 400 and above. */
export interface Failure {
  readonly error: string;
}
