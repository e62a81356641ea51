/** Builds PromQL queries. */

/** A metric in a query. */
export interface QueriedMetric {
  readonly name: string;
}

/** A label matcher, as between braces. */
export type Matcher = `${string}="${string}"` | `${string}=~"${string}"`;

/** The window of a range query: `$__rate_interval`, which always contains two scrapes, the dashboard's time range, or a fixed one. */
export type Window = '$__rate_interval' | '$__range' | `${number}${'m' | 'h' | 'd'}`;

/** Matches samples whose label has exactly this value. */
export function equal(label: string, value: string): Matcher {
  return `${label}="${escaped(value)}"`;
}

/** Matches samples whose complete label value matches an RE2 regular expression. */
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

/** A function over a window, such as `rate`. */
export type OverTime = (selector: string, window?: Window) => string;

export function rate(selector: string, window: Window = '$__rate_interval'): string {
  return `rate(${selector}[${window}])`;
}

export function increase(selector: string, window: Window = '$__rate_interval'): string {
  return `increase(${selector}[${window}])`;
}

/** Sums an expression by labels. */
export function sumBy(labels: readonly string[], expression: string): string {
  return aggregated('sum', labels, expression);
}

/** Takes one of several instances that expose the same value. */
export function maxBy(labels: readonly string[], expression: string): string {
  return aggregated('max', labels, expression);
}

/** Takes the lowest of several values. */
export function minBy(labels: readonly string[], expression: string): string {
  return aggregated('min', labels, expression);
}

function aggregated(operator: 'sum' | 'max' | 'min', labels: readonly string[], expression: string): string {
  return labels.length === 0 ? `${operator}(${expression})` : `${operator} by (${labels.join(', ')}) (${expression})`;
}

/** A part and its whole, with the same labels. */
interface Share {
  readonly part: string;
  readonly whole: string;
}

/** Returns the share of the part. It is 0 if the part has no series, and there is no sample if the whole is 0. */
export function shareOf({ part, whole }: Share): string {
  return `${orZero({ part, whole })} / (${whole} > 0)`;
}

/** Returns the part, and 0 for label sets that only the whole has. */
export function orZero({ part, whole }: Share): string {
  return `(${part} or 0 * ${whole})`;
}

/** Removes samples that are NaN, because nothing was observed: no comparison is true for NaN. */
export function withoutNaN(expression: string): string {
  return `${expression} >= -Inf`;
}

/** Copies the value of a label to another label. */
export function labelCopied(expression: string, from: string, to: string): string {
  return `label_replace(${expression}, "${to}", "$1", "${from}", "(.+)")`;
}
