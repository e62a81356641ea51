/** Draws a table panel: its columns, and as many rows as there is room for. */
import type { Size } from '../chart.js';
import { PAGE, thresholdColor } from '../colors.js';
import { fieldOf, type PanelData } from '../fields.js';
import { mappedText } from '../mappings.js';
import { element, text, widthOf } from '../svg.js';
import { type Table, tablesOf } from '../tables.js';

const ROW_HEIGHT = 24;
const PADDING = 10;

interface Column {
  readonly name: string;
  readonly isNumeric: boolean;
  readonly cells: readonly { readonly shown: string; readonly color: string }[];
  readonly x: number;
  readonly width: number;
}

/** The inside of the panel, below its title. */
export function drawTable(data: PanelData, { width, height }: Size): string {
  const [table = { refIds: [], columns: [], rows: [] }] = tablesOf(data);
  const sorted = sortedAs(data, table);
  const room = Math.floor((height - 8) / ROW_HEIGHT) - 1;
  const shown = sorted.rows.length > room ? sorted.rows.slice(0, room - 1) : sorted.rows;
  const columns = placed(columnsOf(data, { ...sorted, rows: shown }), width);
  const left = sorted.rows.length - shown.length;
  const more = text(`and ${left} more`, { x: PADDING, y: (shown.length + 1) * ROW_HEIGHT + 16, size: 11, fill: PAGE.faint });
  return [...lines(shown.length, width), ...columns.flatMap(drawColumn), ...(left === 0 ? [] : [more])].join('\n');
}

function sortedAs({ panel }: PanelData, table: Table): Table {
  const [order] = (panel.options?.['sortBy'] ?? []) as readonly { readonly displayName: string; readonly desc?: boolean }[];
  if (order === undefined) return table;
  const direction = order.desc === true ? -1 : 1;
  const numberFor = (row: Table['rows'][number]) => Number(row[order.displayName]) || 0;
  return { ...table, rows: [...table.rows].sort((a, b) => direction * (numberFor(a) - numberFor(b))) };
}

type UnplacedColumn = Omit<Column, 'x'>;

function columnsOf({ panel }: PanelData, { columns, rows }: Table): UnplacedColumn[] {
  return columns.map((name) => {
    const field = fieldOf(panel, { name });
    const isColored = (field.custom?.['cellOptions'] as { readonly type?: string } | undefined)?.type?.startsWith('color') === true;
    const cells = rows.map((row) => {
      const value = row[name] ?? '';
      if (typeof value === 'string') return { shown: value, color: PAGE.text };
      const { shown, color } = mappedText(field, value);
      return { shown, color: color ?? (isColored ? thresholdColor(field.thresholds?.steps, value) : PAGE.text) };
    });
    const widest = Math.max(widthOf(name, 11.5), ...cells.map(({ shown }) => widthOf(shown, 12)));
    return { name, isNumeric: rows.some((row) => typeof row[name] === 'number'), cells, width: widest + 2 * PADDING };
  });
}

// What is left, or lacking, is shared by all in proportion.
function placed(columns: readonly UnplacedColumn[], width: number): Column[] {
  const wanted = columns.reduce((sum, column) => sum + column.width, 0);
  const factor = width / Math.max(1, wanted);
  let x = 0;
  return columns.map((column) => {
    const place = { ...column, x, width: column.width * factor };
    x += place.width;
    return place;
  });
}

function lines(rows: number, width: number): string[] {
  return Array.from({ length: rows + 1 }, (_, row) => {
    const y = (row + 1) * ROW_HEIGHT;
    return element('path', { d: `M0 ${y}H${width}`, stroke: row === 0 ? PAGE.border : PAGE.grid });
  });
}

function drawColumn({ name, isNumeric, cells, x, width }: Column): string[] {
  const at = { x: isNumeric ? x + width - PADDING : x + PADDING, maxWidth: width - PADDING, anchor: isNumeric ? 'end' : 'start' } as const;
  const head = text(name, { ...at, y: 16, size: 11.5, fill: PAGE.faint, bold: true });
  return [head, ...cells.map(({ shown, color }, row) => text(shown, { ...at, y: (row + 1) * ROW_HEIGHT + 16, fill: color }))];
}
