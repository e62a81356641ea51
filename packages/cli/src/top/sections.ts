/** Which rows are shown: routes, methods or both, sorted, at most so many of each. */
import { type SortKey, sortRows } from './order.js';
import type { Row, Rows } from './rates.js';
import type { Section } from './table.js';

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
  methods: { heading: 'Methods', none: 'no methods are measured', notMeasured: 'not measured' },
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
