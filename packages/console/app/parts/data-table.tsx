/** A table that can be sorted, and that draws only the rows in sight: a thousand rows scroll like ten. */

import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Change } from '../address/address.js';
import { useParam } from '../context/page-context.js';
import { Link } from './link.js';
import { unlessSame } from './same.js';
import { ScrollRegion } from './scroll-region.js';
import { useHeldOrder } from './use-held-order.js';
import { useWindow } from './use-window.js';

/** In pixels; `--row` in the style sheet. */
const ROW_HEIGHT = 40;

export interface Column<Row> {
  /** In the address, as `sort`. */
  readonly name: string;
  readonly title: string;
  /** In CSS, such as `96px`; the first column takes what is left. */
  readonly width?: string;
  readonly isText?: boolean;
  /** Numbers are sorted from the highest, text from A. */
  readonly by: (row: Row) => number | string;
  readonly show: (row: Row, now: number) => ComponentChildren;
  readonly isWrong?: (row: Row) => boolean;
}

export interface DataTableProps<Row> {
  readonly label: string;
  /** The same array each time. The first names the row. */
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Of the server, in seconds since 1970. */
  readonly now: number;
  /** What a click on the row opens. The same function each time. */
  readonly open?: (row: Row) => Change;
  /** Rows in which nothing happens. The same function each time. */
  readonly isQuiet?: (row: Row) => boolean;
  /** The name of a column. */
  readonly sortedBy: string;
  /** Shown instead of rows. */
  readonly empty: ComponentChildren;
}

export function DataTable<Row>({ label, columns, rows, keyOf, now, open, isQuiet, sortedBy, empty }: DataTableProps<Row>) {
  const [sort, setSort] = useParam('sort', sortedBy);
  const { column, isUp } = orderOf(columns, sort, sortedBy);
  const scroller = useRef<HTMLElement>(null);
  const [isHeld, setIsHeld] = useState(false);
  const inOrder = useMemo(() => sortRows(rows, column, isUp), [rows, column, isUp]);
  const sorted = useHeldOrder({ rows: inOrder, keyOf, isHeld, order: sort });
  const { first, last } = useWindow(scroller, { rowHeight: ROW_HEIGHT, count: sorted.length });
  const focus = useRowFocus(scroller, sorted.length);
  return (
    <ScrollRegion class="table-frame" frame={scroller} label={label}>
      <table aria-rowcount={sorted.length + 1} aria-label={label}>
        <colgroup>
          {columns.map(({ name, width }) => (
            <col key={name} style={width === undefined ? {} : { width }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((each) => (
              <th key={each.name} scope="col" class={each.isText ? 'text' : undefined} aria-sort={ariaSort(each === column, isUp)}>
                <button type="button" onClick={() => setSort(each === column && isUp === isUpFirst(each) ? flipped(each) : each.name)}>
                  {each.title}
                  <span class="sort-mark" aria-hidden="true">
                    {each === column && (isUp ? '↑' : '↓')}
                  </span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody onPointerEnter={() => setIsHeld(true)} onPointerLeave={() => setIsHeld(false)} onKeyDown={(event) => focus(event)}>
          <Spacer rows={first} columns={columns.length} />
          {sorted.slice(first, last).map((row, offset) => (
            <TableRow
              key={keyOf(row)}
              row={row}
              index={first + offset}
              now={now}
              columns={columns as readonly Column<unknown>[]}
              open={open as OpenRow}
              isQuiet={isQuiet as ((row: unknown) => boolean) | undefined}
            />
          ))}
          <Spacer rows={sorted.length - last} columns={columns.length} />
        </tbody>
      </table>
      {rows.length === 0 && empty}
    </ScrollRegion>
  );
}

type OpenRow = ((row: unknown) => Change) | undefined;

interface TableRowProps {
  readonly row: unknown;
  readonly index: number;
  readonly now: number;
  readonly columns: readonly Column<unknown>[];
  readonly open: OpenRow;
  readonly isQuiet: ((row: unknown) => boolean) | undefined;
}

const TableRow = unlessSame(({ row, index, now, columns, open, isQuiet }: TableRowProps) => (
  <tr aria-rowindex={index + 2} class={isQuiet?.(row) ? 'row-quiet' : undefined}>
    {columns.map(({ name, isText, show, isWrong }, position) =>
      position === 0 ? (
        <th key={name} scope="row" class="text">
          {open === undefined ? (
            show(row, now)
          ) : (
            <Link to={open(row)} class="row-link" data-row={index}>
              {show(row, now)}
            </Link>
          )}
        </th>
      ) : (
        <td key={name} class={`${isText ? 'text' : ''}${isWrong?.(row) ? ' wrong' : ''}`}>
          {show(row, now)}
        </td>
      ),
    )}
  </tr>
));

function Spacer({ rows, columns }: { readonly rows: number; readonly columns: number }) {
  if (rows <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: a row can't have the focus
    <tr class="spacer" aria-hidden="true">
      <td colSpan={columns} style={{ height: `${rows * ROW_HEIGHT}px` }} />
    </tr>
  );
}

/** Moves the focus from row to row, also to those that are not drawn yet. */
function useRowFocus(scroller: { readonly current: HTMLElement | null }, count: number) {
  const wanted = useRef<number | undefined>(undefined);
  useLayoutEffect(() => {
    if (wanted.current === undefined) return;
    const link = scroller.current?.querySelector<HTMLElement>(`[data-row="${wanted.current}"]`);
    if (!link) return;
    link.focus({ preventScroll: true });
    wanted.current = undefined;
  });
  return (event: KeyboardEvent): void => {
    const at = Number((event.target as HTMLElement).dataset?.['row'] ?? Number.NaN);
    const frame = scroller.current;
    const step = stepOf(event.key, count, Math.floor((frame?.clientHeight ?? 0) / ROW_HEIGHT) - 2);
    if (frame === null || Number.isNaN(at) || step === undefined) return;
    event.preventDefault();
    const next = Math.min(count - 1, Math.max(0, at + step));
    const top = next * ROW_HEIGHT;
    const rest = frame.clientHeight - 2 * ROW_HEIGHT;
    if (top < frame.scrollTop) frame.scrollTop = top;
    else if (top > frame.scrollTop + rest) frame.scrollTop = top - rest;
    const link = frame.querySelector<HTMLElement>(`[data-row="${next}"]`);
    if (link) link.focus({ preventScroll: true });
    else wanted.current = next;
  };
}

function stepOf(key: string, count: number, page: number): number | undefined {
  const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: page, PageUp: -page, Home: -count, End: count };
  return steps[key];
}

function orderOf<Row>(
  columns: readonly Column<Row>[],
  sort: string,
  preset: string,
): { readonly column: Column<Row>; readonly isUp: boolean } {
  const isFlipped = sort.startsWith('-');
  const named = (name: string) => columns.find((each) => each.name === name);
  const column = named(isFlipped ? sort.slice(1) : sort);
  if (column === undefined) {
    const usual = named(preset) ?? (columns[0] as Column<Row>);
    return { column: usual, isUp: isUpFirst(usual) };
  }
  return { column, isUp: isUpFirst(column) !== isFlipped };
}

function isUpFirst<Row>({ isText }: Column<Row>): boolean {
  return isText === true;
}

function flipped<Row>({ name }: Column<Row>): string {
  return `-${name}`;
}

function ariaSort(isSorted: boolean, isUp: boolean): 'ascending' | 'descending' | 'none' {
  return isSorted ? (isUp ? 'ascending' : 'descending') : 'none';
}

function sortRows<Row>(rows: readonly Row[], { by }: Column<Row>, isUp: boolean): readonly Row[] {
  const sign = isUp ? 1 : -1;
  return rows
    .map((row) => ({ row, value: by(row) }))
    .sort(({ value: one }, { value: other }) => (one === other ? 0 : sign * (one < other ? -1 : 1)))
    .map(({ row }) => row);
}
