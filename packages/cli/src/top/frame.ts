/** Lays out the screen for any size. */

import { printable } from '../printable.js';
import { cut } from './fit.js';
import type { Rows } from './rates.js';
import type { Reading } from './reading.js';
import { type Choice, sectionsOf } from './sections.js';
import { meaning, whose } from './summary.js';
import { type Line, type LineStyle, layTable } from './table.js';

/** Everything that the screen depends on. */
export interface FrameContent {
  readonly url: string;
  readonly reading: Reading;
  readonly rows: Rows;
  readonly choice: Choice;
  /** The first line of the table that is shown. */
  readonly offset: number;
  /** Why there is no newer reading; undefined while all is well. */
  readonly trouble: string | undefined;
}

/** Columns and rows of the terminal. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** The lines of the screen, and where the scrolling came to rest. */
export interface Frame {
  readonly lines: readonly Line[];
  readonly offset: number;
  /** How many lines of the table are visible. */
  readonly pageRows: number;
}

// From here on there is room for more than the table itself.
const ROWS_FOR_SUMMARY = 5;
const ROWS_FOR_KEYS = 8;
const KEYS = 'q quit  r rate  e errors  p p95  n name  tab routes/methods  ↑↓ scroll';

/** As many lines as the screen has rows, none wider than it. */
export function layFrame(content: FrameContent, size: Size): Frame {
  const { choice, trouble, rows, reading, url } = content;
  const line = (text: string, style: LineStyle): Line => ({ text: cut(printable(text), size.columns), style });
  const table = layTable(sectionsOf(rows, choice), size.columns);
  const state = trouble === undefined ? line(`${meaning(rows)}; sorted by ${choice.sort}`, 'faint') : line(trouble, 'alert');
  const hasRoom = size.rows >= ROWS_FOR_SUMMARY;
  const above = hasRoom ? [line(whose(url, reading), 'plain'), state, table.titles] : trouble === undefined ? [table.titles] : [state];
  const below = size.rows >= ROWS_FOR_KEYS ? 1 : 0;
  const pageRows = Math.max(0, size.rows - above.length - below);
  const offset = Math.max(0, Math.min(content.offset, table.body.length - pageRows));
  const page = table.body.slice(offset, offset + pageRows);
  const position = table.body.length > pageRows ? `  ${offset + 1}-${offset + page.length} of ${table.body.length}` : '';
  const filling = Array<Line>(Math.max(0, pageRows - page.length)).fill({ text: '', style: 'plain' });
  const keys = below === 0 ? [] : [line(KEYS + position, 'faint')];
  return { lines: [...above, ...page, ...filling, ...keys].slice(0, Math.max(0, size.rows)), offset, pageRows };
}
