/** Which rows are shown, and in which order: routes, methods or both, at most so many of each. */
import type { Row, Rows } from './rates.js';
import type { Section } from './table.js';

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

/** What a table can show, in the order in which Tab goes through it. */
export const VIEWS = ['both', 'routes', 'methods'] as const;

export type View = (typeof VIEWS)[number];

/** What a person has chosen to see. */
export interface Choice {
  readonly view: View;
  readonly sort: SortKey;
  /** Rows of each kind at most. */
  readonly limit: number;
}

const KINDS = {
  routes: { heading: 'Routes', none: 'no requests yet', notMeasured: 'not measured: put @Instrumented() on the application class' },
  methods: { heading: 'Methods', none: 'no measured methods', notMeasured: 'not measured' },
} as const;

type Kind = keyof typeof KINDS;

const KINDS_OF_VIEW: Readonly<Record<View, readonly Kind[]>> = { both: ['routes', 'methods'], routes: ['routes'], methods: ['methods'] };

/** The sections of the table. */
export function sectionsOf(rows: Rows, { view, sort, limit }: Choice): readonly Section[] {
  return KINDS_OF_VIEW[view].map((kind) => sectionOf(kind, rows[kind], (all) => sortRows(all, sort).slice(0, limit)));
}

function sectionOf(kind: Kind, rows: readonly Row[] | undefined, choose: (rows: readonly Row[]) => readonly Row[]): Section {
  const { heading, none, notMeasured } = KINDS[kind];
  return { heading, rows: rows && choose(rows), nothing: rows === undefined ? notMeasured : none, count: rows?.length ?? 0 };
}
