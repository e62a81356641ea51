/** Rows as lines of text, no wider than the terminal. */
import { printable } from '../printable.js';
import { cut, fit, widthOf } from './fit.js';
import type { Row } from './rates.js';

/** A column of numbers; names are to the left of them all. */
interface Column {
  readonly title: string;
  /** The smaller, the longer it stays in a terminal that gets narrow. */
  readonly importance: number;
  cell(row: Row): string;
}

/** In the order in which they are shown. */
const COLUMNS: readonly Column[] = [
  { title: 'TOTAL', importance: 4, cell: ({ total }) => String(total) },
  { title: 'RATE/S', importance: 1, cell: ({ ratePerSecond }) => threeDigits(ratePerSecond) },
  { title: 'ERRORS', importance: 5, cell: ({ errors }) => String(errors) },
  { title: 'ERRORS/S', importance: 2, cell: ({ errorsPerSecond }) => threeDigits(errorsPerSecond) },
  { title: 'P95 MS', importance: 3, cell: ({ p95Ms }) => threeDigits(p95Ms) },
];

/** Three digits that count, and never an exponent: `0.0125`, `1.25`, `12.5`, `1250`. What is not known is `-`. */
function threeDigits(value: number | null): string {
  if (value === null) return '-';
  if (value === 0) return '0';
  const decimals = Math.min(MOST_DECIMALS, Math.max(0, 2 - Math.floor(Math.log10(value))));
  return value.toFixed(decimals);
}

const MOST_DECIMALS = 4;

/** The style of a line. */
export type LineStyle = 'plain' | 'title' | 'heading' | 'faint' | 'alert';

/** One line of the screen, without any escape code. */
export interface Line {
  readonly text: string;
  readonly style: LineStyle;
}

/** Rows of one kind, under a heading. */
export interface Section {
  /** `Routes` */
  readonly heading: string;
  /** Undefined if the application does not measure them. */
  readonly rows: readonly Row[] | undefined;
  /** Instead of rows, where there are none. */
  readonly nothing: string;
  /** How many rows there were before a limit. */
  readonly count: number;
}

/** The titles of the columns, and the lines under them. */
export interface Table {
  readonly titles: Line;
  readonly body: readonly Line[];
}

const NARROWEST_NAME = 16;
/** Names up to this width are more important than all but two columns. */
const WIDEST_KEPT_NAME = 40;
const KEPT_COLUMNS = 2;
const GAP = '  ';
const INDENT = '  ';
const NAME_TITLE = 'ROUTE OR METHOD';

/** @param columns width of the terminal; Infinity where nothing has to be cut. */
export function layTable(sections: readonly Section[], columns: number): Table {
  const rows = sections.flatMap((section) => section.rows ?? []);
  const longest = Math.max(NARROWEST_NAME, ...rows.map(({ name }) => INDENT.length + widthOf(printable(name))));
  const shown = columnsThatFit(rows, { columns, longest });
  const room = columns - shown.reduce((sum, { width }) => sum + GAP.length + width, 0);
  const nameWidth = Math.max(0, Math.min(room, longest));
  const line = (name: string, cell: (column: Column) => string) =>
    fit(name, nameWidth) + shown.map(({ column, width }) => GAP + cell(column).padStart(width)).join('');
  return {
    titles: { text: line(NAME_TITLE, ({ title }) => title), style: 'title' },
    body: sections.flatMap((section) => [
      { text: cut(`${section.heading} (${section.count})`, columns), style: 'heading' } as const,
      ...bodyOf(section, { columns, textOf: (row) => line(INDENT + printable(row.name), (column) => column.cell(row)) }),
    ]),
  };
}

function bodyOf({ rows = [], nothing }: Section, layout: { readonly columns: number; textOf(row: Row): string }): readonly Line[] {
  if (rows.length === 0) return [{ text: cut(INDENT + nothing, layout.columns), style: 'faint' }];
  return rows.map((row) => ({ text: layout.textOf(row), style: (row.errorsPerSecond ?? 0) > 0 ? 'alert' : 'plain' }));
}

interface ShownColumn {
  readonly column: Column;
  readonly width: number;
}

/** All columns, or the most important ones: numbers are whole or not there, and all but two of them go before a name is cut. */
function columnsThatFit(
  rows: readonly Row[],
  { columns, longest }: { readonly columns: number; readonly longest: number },
): readonly ShownColumn[] {
  const all = COLUMNS.map((column) => ({ column, width: Math.max(column.title.length, ...rows.map((row) => column.cell(row).length)) }));
  const byImportance = [...all].sort((a, b) => a.column.importance - b.column.importance);
  let room = columns;
  const chosen = new Set<ShownColumn>();
  for (const each of byImportance) {
    room -= GAP.length + each.width;
    if (room < (chosen.size < KEPT_COLUMNS ? NARROWEST_NAME : Math.min(longest, WIDEST_KEPT_NAME))) break;
    chosen.add(each);
  }
  return all.filter((each) => chosen.has(each));
}
