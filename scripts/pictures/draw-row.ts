/** Draws a row of a dashboard: its heading, and its panels on the grid where Grafana puts them. */
import type { GridPosition } from '../../test/support/grafana/dashboard-json.js';
import type { Size } from './chart.js';
import { PAGE } from './colors.js';
import { drawPanel } from './draw-panel.js';
import type { PanelData } from './fields.js';
import { element, escapeText, text } from './svg.js';

/** A row, and what its queries gave. */
export interface RowData {
  readonly title: string;
  readonly panels: readonly PanelData[];
}

const WIDTH = 1_200;
const COLUMNS = 24;
const GAP = 8;
const HEADING_HEIGHT = 40;
const ROW_HEIGHT = 30;

/** The picture as an SVG file. */
export function drawRow({ title, panels }: RowData): string {
  const top = Math.min(...panels.map(({ panel }) => panel.gridPos.y));
  const frames = panels.map((data) => {
    const { x, y, width, height } = frameOf(data.panel.gridPos, top);
    return element('g', { transform: `translate(${x} ${y})` }, drawPanel(data, { width, height }));
  });
  const bottom = Math.max(...panels.map(({ panel }) => panel.gridPos.y + panel.gridPos.h));
  const height = HEADING_HEIGHT + (bottom - top) * (ROW_HEIGHT + GAP) + GAP;
  const attributes = {
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${WIDTH} ${height}`,
    width: WIDTH,
    height,
    'font-family': 'Inter, "Helvetica Neue", "Liberation Sans", Arial, sans-serif',
    role: 'img',
  };
  const background = element('rect', { width: WIDTH, height, fill: PAGE.background });
  const heading = text(title, { x: 30, y: 27, size: 16, bold: true });
  const sign = element('path', { d: 'M12 18l6 6l6 -6', fill: 'none', stroke: PAGE.faint, 'stroke-width': 2 });
  return `${element('svg', attributes, [element('title', {}, escapeText(title)), background, sign, heading, ...frames])}\n`;
}

function frameOf({ x, y, w, h }: GridPosition, top: number): Size & { readonly x: number; readonly y: number } {
  const columnWidth = (WIDTH - GAP) / COLUMNS;
  return {
    x: GAP + Math.round(x * columnWidth),
    y: HEADING_HEIGHT + (y - top) * (ROW_HEIGHT + GAP),
    width: Math.round(w * columnWidth) - GAP,
    height: h * (ROW_HEIGHT + GAP) - GAP,
  };
}
