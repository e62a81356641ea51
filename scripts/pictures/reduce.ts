/** Reduces the points of a series to one number, by the names that Grafana has for it. */
import type { QueriedSeries } from '../../test/support/grafana/run-query.js';

type Reducer = (values: readonly number[]) => number;

const sum: Reducer = (values) => values.reduce((total, value) => total + value, 0);

const REDUCERS: Readonly<Record<string, Reducer>> = {
  last: (values) => values.at(-1) ?? Number.NaN,
  lastNotNull: (values) => values.at(-1) ?? Number.NaN,
  first: (values) => values[0] ?? Number.NaN,
  firstNotNull: (values) => values[0] ?? Number.NaN,
  sum,
  mean: (values) => sum(values) / values.length,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
};

/** What a legend calls them. */
export const REDUCER_TITLES: Readonly<Record<string, string>> = {
  last: 'Last',
  lastNotNull: 'Last',
  first: 'First',
  firstNotNull: 'First',
  sum: 'Total',
  mean: 'Mean',
  min: 'Min',
  max: 'Max',
};

/** One number of a series' points; those without a value do not count, and NaN is what is left of none. */
export function reducePoints(points: QueriedSeries['points'], calculation = 'lastNotNull'): number {
  const reducer = REDUCERS[calculation];
  if (reducer === undefined) throw new Error(`The calculation ${calculation} is not known to the script that draws.`);
  const values = points.map(([, value]) => value).filter((value) => !Number.isNaN(value));
  return values.length === 0 ? Number.NaN : reducer(values);
}
