/** Places rows and panels on the grid, and numbers them. */
import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type Panel, RowBuilder, type RowPanel } from '@grafana/grafana-foundation-sdk/dashboard';
import type { DashboardRow } from '../rows/row.js';

const COLUMNS = 24;
const HEADING_HEIGHT = 1;

/** A panel with its place and its id. */
export type PlacedPanel =
  | { readonly kind: 'row'; readonly panel: Builder<RowPanel> }
  | { readonly kind: 'panel'; readonly panel: Builder<Panel> };

/** Places rows below each other, and their panels from left to right in as many lines as needed. Ids begin at 1. */
export function laidOut(rows: readonly DashboardRow[]): PlacedPanel[] {
  const placed: PlacedPanel[] = [];
  let top = 0;
  for (const { title, panels } of rows) {
    const heading = new RowBuilder(title).id(placed.length + 1).gridPos({ x: 0, y: top, w: COLUMNS, h: HEADING_HEIGHT });
    placed.push({ kind: 'row', panel: heading });
    top += HEADING_HEIGHT;
    for (const line of linesOf(panels.map((panel) => panel.build()))) {
      placed.push(...inOneLine(line, top, placed.length + 1));
      top += Math.max(...line.map(heightOf));
    }
  }
  return placed;
}

function linesOf(panels: readonly Panel[]): Panel[][] {
  const lines: Panel[][] = [];
  let room = 0;
  for (const panel of panels) {
    const width = widthOf(panel);
    if (width > room) {
      lines.push([]);
      room = COLUMNS;
    }
    lines.at(-1)?.push(panel);
    room -= width;
  }
  return lines;
}

function inOneLine(panels: readonly Panel[], y: number, firstId: number): PlacedPanel[] {
  let x = 0;
  return panels.map((panel, index) => {
    const placed: Panel = { ...panel, id: firstId + index, gridPos: { x, y, w: widthOf(panel), h: heightOf(panel) } };
    x += widthOf(panel);
    return { kind: 'panel', panel: { build: () => placed } };
  });
}

const widthOf = ({ gridPos }: Panel): number => gridPos?.w ?? COLUMNS;
const heightOf = ({ gridPos }: Panel): number => gridPos?.h ?? 0;
