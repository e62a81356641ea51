/** What is asked of a histogram: native where the server keeps native histograms, classic buckets otherwise. */
import { increase, type Matcher, type OverTime, type QueriedMetric, rate, select, sumBy, type Window, withoutNaN } from './promql.js';

/** Which histograms queries ask for. `both`: native ones, and classic buckets where there are none. */
export type HistogramKind = 'classic' | 'native' | 'both';

const KINDS: readonly unknown[] = ['classic', 'native', 'both'] satisfies HistogramKind[];

/** The kinds, as an error lists them. */
export const HISTOGRAM_KIND_NAMES = KINDS.join(', ').replace(/, (?=\w+$)/, ' or ');

export function isHistogramKind(value: unknown): value is HistogramKind {
  return KINDS.includes(value);
}

/** Which series of a histogram, which labels are kept, and over which time. */
export interface HistogramQuery {
  readonly metric: QueriedMetric;
  readonly matchers?: readonly Matcher[];
  readonly by?: readonly string[];
  readonly window?: Window;
}

/**
 * Queries on histograms. No other file writes `_bucket`, `_count` or `_sum` of a histogram.
 *
 * A server that keeps native histograms has no `x_bucket`, `x_count` and `x_sum`, and one that does not has no `x`: each answers one half of
 * `native or classic`. For a while after native histograms were switched on there are both; the native ones win, also where they say that nothing was observed.
 * @see https://prometheus.io/docs/specs/native_histograms/
 */
export class HistogramQueries {
  readonly #kind: HistogramKind;

  constructor(kind: HistogramKind) {
    this.#kind = kind;
  }

  /**
   * A quantile; no sample where nothing was observed. Buckets of the two kinds can't be added up: where instances of both kinds have the same labels, it is that of the native ones.
   * @param quantile from 0 to 1
   */
  quantileOf(quantile: number, query: HistogramQuery): string {
    const native = `histogram_quantile(${quantile}, ${nativeSum(query, rate)})`;
    const classic = `histogram_quantile(${quantile}, ${classicBuckets(query, rate)})`;
    const both = `(${native} or ${classic})`;
    // Around both: a native NaN means that nothing was observed, whatever classic samples are still in the window.
    return withoutNaN({ native, classic, both }[this.#kind]);
  }

  /** The mean of what was observed; no sample where nothing was. */
  meanOf(query: HistogramQuery): string {
    return `${this.sumOf(query)} / (${this.countOf(query)} > 0)`;
  }

  /** How many values were observed: per second, or in the whole window with `increase`. */
  countOf(query: HistogramQuery, overTime: OverTime = rate): string {
    return this.#added('count', query, overTime);
  }

  /** What the observed values add up to: per second, or in the whole window with `increase`. */
  sumOf(query: HistogramQuery, overTime: OverTime = rate): string {
    return this.#added('sum', query, overTime);
  }

  /** What was observed in each bucket, as a heat map takes it: one native histogram, or one series for each `le`. */
  bucketsOf(query: Omit<HistogramQuery, 'by'>): string {
    const native = nativeSum(query, increase);
    const classic = classicBuckets(query, increase);
    // Their labels differ, so that "or" alone would keep both.
    return { native, classic, both: `${native} or (${classic} unless on () ${native})` }[this.#kind];
  }

  /** Names of series that are there if and only if the histogram is. */
  seriesNames({ name }: QueriedMetric): readonly string[] {
    return { native: [name], classic: [`${name}_count`], both: [name, `${name}_count`] }[this.#kind];
  }

  /** "or" within the sum: its two sides have the same labels there, and instances of both kinds add up. */
  #added(part: 'count' | 'sum', { metric, matchers = [], by = [], window }: HistogramQuery, overTime: OverTime): string {
    const native = `histogram_${part}(${overTime(select(metric, ...matchers), window)})`;
    const classic = overTime(select({ name: `${metric.name}_${part}` }, ...matchers), window);
    return sumBy(by, { native, classic, both: `${native} or ${classic}` }[this.#kind]);
  }
}

/** Queries on a summary's count and sum, which every server keeps as they are. */
export const SUMMARY_QUERIES: Pick<HistogramQueries, 'meanOf'> = new HistogramQueries('classic');

function nativeSum({ metric, matchers = [], by = [], window }: HistogramQuery, overTime: OverTime): string {
  return sumBy(by, overTime(select(metric, ...matchers), window));
}

function classicBuckets({ metric, matchers = [], by = [], window }: HistogramQuery, overTime: OverTime): string {
  return sumBy([...by, 'le'], overTime(select({ name: `${metric.name}_bucket` }, ...matchers), window));
}
