/** The orders in which rows can stand. */
import type { Row } from './rates.js';

type Compare = (a: Row, b: Row) => number;

/** What rows can be sorted by, as `--sort` takes it. */
export const SORT_KEYS = ['rate', 'errors', 'p95', 'name'] as const;

export type SortKey = (typeof SORT_KEYS)[number];

const highestFirst =
  (value: (row: Row) => number | null): Compare =>
  (a, b) =>
    (value(b) ?? -1) - (value(a) ?? -1);

// By code units: the same on every machine.
const byName: Compare = (a, b) => (a.name < b.name ? -1 : Number(a.name > b.name));

const ORDERS: Readonly<Record<SortKey, readonly Compare[]>> = {
  rate: [highestFirst(({ ratePerSecond }) => ratePerSecond), highestFirst(({ total }) => total), byName],
  errors: [highestFirst(({ errorsPerSecond }) => errorsPerSecond), highestFirst(({ errors }) => errors), byName],
  p95: [highestFirst(({ p95Ms }) => p95Ms), byName],
  name: [byName],
};

/** A sorted copy: the highest first, names from A to Z; what is equal stands by totals, then by name. */
export function sortRows(rows: readonly Row[], key: SortKey): readonly Row[] {
  return [...rows].sort((a, b) => ORDERS[key].reduce((order, compare) => order || compare(a, b), 0));
}
