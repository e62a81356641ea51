/** The legend below a chart: a list, or a table with numbers where the panel asks for some. */
import type { PanelJson } from '../../test/support/grafana/dashboard-json.js';
import type { Size } from './chart.js';
import { PAGE } from './colors.js';
import type { NamedSeries } from './fields.js';
import { REDUCER_TITLES, reducePoints } from './reduce.js';
import { element, text, widthOf } from './svg.js';
import { formatValue } from './units.js';

/** A series, and the colour of its line. */
export interface LegendEntry {
  readonly series: NamedSeries;
  readonly color: string;
}

/** SVG whose top left corner is at 0, 0, and its height. */
export interface Drawing {
  readonly svg: string;
  readonly height: number;
}

interface LegendOptions {
  readonly showLegend?: boolean;
  readonly displayMode?: string;
  readonly calcs?: readonly string[];
  /** The title of the calculation by which the lines are sorted. */
  readonly sortBy?: string;
  readonly sortDesc?: boolean;
}

const LINE_HEIGHT = 18;
const COLUMN_WIDTH = 78;

/** The legend that a panel asks for, at most as high as `height`. */
export function drawLegend(panel: PanelJson, given: readonly LegendEntry[], { width, height }: Size): Drawing {
  const options = (panel.options?.['legend'] ?? {}) as LegendOptions;
  const { showLegend = true, displayMode = 'list', calcs = [] } = options;
  const listed = given.filter(({ series }) => !isHidden(series));
  const entries = displayMode === 'table' ? sorted(listed, options) : listed;
  if (!showLegend || displayMode === 'hidden' || entries.length === 0) return { svg: '', height: 0 };
  const lines = Math.max(1, Math.floor(height / LINE_HEIGHT));
  return displayMode === 'table' ? drawTable(entries, { calcs, width, lines }) : drawList(entries, { calcs, width, lines });
}

interface Layout {
  readonly calcs: readonly string[];
  readonly width: number;
  readonly lines: number;
}

function drawTable(entries: readonly LegendEntry[], { calcs, width, lines }: Layout): Drawing {
  const shown = limited(entries, Math.max(1, lines - 1));
  const columns = columnsBeside(shown.entries, { calcs, width });
  const nameWidth = width - columns.length * COLUMN_WIDTH - 24;
  const head = columns.map(({ calculation, x }) =>
    text(REDUCER_TITLES[calculation] ?? calculation, { x, y: 12, size: 10.5, fill: PAGE.faint, anchor: 'end' }),
  );
  const rows = shown.entries.flatMap(({ series, color }, row) => {
    const y = (row + 1) * LINE_HEIGHT + 12;
    const cells = columns.map(({ calculation, x }) => text(reducedText(series, calculation), { x, y, size: 11.5, anchor: 'end' }));
    return [mark(color, 0, y), text(series.name, { x: 18, y, size: 11.5, maxWidth: nameWidth }), ...cells];
  });
  const more = shown.more === 0 ? [] : [text(`and ${shown.more} more`, { x: 0, y: 12, size: 10.5, fill: PAGE.faint })];
  return { svg: [...head, ...more, ...rows].join('\n'), height: (shown.entries.length + 1) * LINE_HEIGHT };
}

/** The last ones of the numbers, as many as leave room for the names. */
function columnsBeside(entries: readonly LegendEntry[], { calcs, width }: Pick<Layout, 'calcs' | 'width'>) {
  const longest = Math.max(...entries.map(({ series }) => widthOf(series.name, 11.5)));
  const room = Math.floor((width - 24 - longest) / COLUMN_WIDTH);
  const shown = calcs.slice(Math.max(0, calcs.length - Math.max(0, room)));
  return shown.map((calculation, column) => ({ calculation, x: width - (shown.length - 1 - column) * COLUMN_WIDTH }));
}

function drawList(entries: readonly LegendEntry[], { calcs, width, lines }: Layout): Drawing {
  const parts: string[] = [];
  let x = 0;
  let line = 0;
  for (const [index, { series, color }] of entries.entries()) {
    const numbers = calcs.map((calculation) => `${REDUCER_TITLES[calculation]}: ${reducedText(series, calculation)}`);
    const label = [series.name, ...numbers].join('  ');
    const labelWidth = Math.min(widthOf(label, 11.5), width - 18);
    const left = entries.length - index;
    if (x > 0 && x + 18 + labelWidth > width) [x, line] = [0, line + 1];
    const isLastOfMany = line === lines - 1 && left > 1 && x + 18 + labelWidth + 70 > width;
    if (line >= lines || isLastOfMany) {
      const place = { x: line >= lines ? width - 60 : x, y: Math.min(line, lines - 1) * LINE_HEIGHT + 12 };
      parts.push(text(`and ${left} more`, { ...place, size: 11, fill: PAGE.faint }));
      break;
    }
    const y = line * LINE_HEIGHT + 12;
    parts.push(mark(color, x, y), text(label, { x: x + 18, y, size: 11.5, maxWidth: width - 18 }));
    x += 18 + labelWidth + 14;
  }
  return { svg: parts.join('\n'), height: (Math.min(line, lines - 1) + 1) * LINE_HEIGHT };
}

// What does not fit is cut off at the end: as in Grafana, the lines that matter come first.
function sorted(entries: readonly LegendEntry[], { sortBy, sortDesc = false, calcs = [] }: LegendOptions): readonly LegendEntry[] {
  const calculation = calcs.find((each) => REDUCER_TITLES[each] === sortBy);
  if (calculation === undefined) return entries;
  const values = new Map(entries.map((entry) => [entry, reducePoints(entry.series.points, calculation)]));
  const rank = (entry: LegendEntry): number => (sortDesc ? -1 : 1) * (values.get(entry) ?? 0);
  return entries.toSorted((one, other) => rank(one) - rank(other));
}

function isHidden({ field }: NamedSeries): boolean {
  return (field.custom?.['hideFrom'] as { readonly legend?: boolean } | undefined)?.legend === true;
}

function limited(entries: readonly LegendEntry[], rows: number): { readonly entries: readonly LegendEntry[]; readonly more: number } {
  return { entries: entries.slice(0, rows), more: Math.max(0, entries.length - rows) };
}

function mark(color: string, x: number, y: number): string {
  return element('rect', { x, y: y - 5.5, width: 12, height: 3.5, rx: 1.5, fill: color });
}

function reducedText({ points, field }: NamedSeries, calculation: string): string {
  return formatValue(reducePoints(points, calculation), field.unit, field.decimals);
}
