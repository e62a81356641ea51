/** The pieces that the queries of panels are put together from. */

/** A metric, as it is queried. */
export interface QueriedMetric {
  readonly name: string;
}

/** A matcher as it stands between braces. */
export type Matcher = `${string}="${string}"` | `${string}=~"${string}"`;

/** Of a time range: the shortest one that always has two scrapes, or the one that the dashboard shows. */
export type Window = '$__rate_interval' | '$__range' | `${number}${'m' | 'h' | 'd'}`;

/** Samples whose label has exactly this value. */
export function equal(label: string, value: string): Matcher {
  return `${label}="${escaped(value)}"`;
}

/** Samples whose label is matched by a regular expression of RE2, from end to end. */
export function matching(label: string, pattern: string): Matcher {
  return `${label}=~"${escaped(pattern)}"`;
}

/** @see https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals */
function escaped(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

export function select({ name }: QueriedMetric, ...matchers: readonly Matcher[]): string {
  return matchers.length === 0 ? name : `${name}{${matchers.join(', ')}}`;
}

export function rate(selector: string, window: Window = '$__rate_interval'): string {
  return `rate(${selector}[${window}])`;
}

export function increase(selector: string, window: Window = '$__rate_interval'): string {
  return `increase(${selector}[${window}])`;
}

/** A sum that keeps some labels; none unless told. */
export function sumBy(labels: readonly string[], expression: string): string {
  return aggregated('sum', labels, expression);
}

/** Of several instances that say the same, one. */
export function maxBy(labels: readonly string[], expression: string): string {
  return aggregated('max', labels, expression);
}

function aggregated(operator: 'sum' | 'max', labels: readonly string[], expression: string): string {
  return labels.length === 0 ? `${operator}(${expression})` : `${operator} by (${labels.join(', ')}) (${expression})`;
}

/** Samples that count, and what they are a part of; both with the same labels. */
interface Share {
  readonly part: string;
  readonly whole: string;
}

/** 0 where the part has no series; no sample where there is nothing to be a part of, since 0 / 0 is no share. */
export function shareOf({ part, whole }: Share): string {
  return `${orZero({ part, whole })} / (${whole} > 0)`;
}

/** The part, and 0 for those label sets that only the whole has. */
export function orZero({ part, whole }: Share): string {
  return `(${part} or 0 * ${whole})`;
}

/** Which series of a histogram, which labels are kept, and over which time. */
interface HistogramQuery {
  readonly metric: QueriedMetric;
  readonly matchers?: readonly Matcher[];
  readonly by?: readonly string[];
  readonly window?: Window;
}

/** The mean of what was observed; no sample where nothing was. */
export function meanOf({ metric, matchers = [], by = [], window }: HistogramQuery): string {
  const sumOf = (suffix: string) => sumBy(by, rate(select({ name: `${metric.name}${suffix}` }, ...matchers), window));
  return `${sumOf('_sum')} / (${sumOf('_count')} > 0)`;
}

/**
 * A quantile, told from the classic buckets.
 * @param quantile from 0 to 1
 */
export function quantileOf(quantile: number, { metric, matchers = [], by = [], window }: HistogramQuery): string {
  const buckets = rate(select({ name: `${metric.name}_bucket` }, ...matchers), window);
  return withoutNaN(`histogram_quantile(${quantile}, ${sumBy([...by, 'le'], buckets)})`);
}

/** No sample where nothing was observed: no comparison holds for NaN. */
export function withoutNaN(expression: string): string {
  return `${expression} >= -Inf`;
}

/** The value of one label, under another name too. */
export function labelCopied(expression: string, from: string, to: string): string {
  return `label_replace(${expression}, "${to}", "$1", "${from}", "(.+)")`;
}
