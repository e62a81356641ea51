/** Draws a panel in its frame, whatever its type. */

import type { Size } from './chart.js';
import { PAGE } from './colors.js';
import type { PanelData } from './fields.js';
import { drawHeatMap } from './panels/heat-map.js';
import { drawNodeGraph } from './panels/node-graph.js';
import { drawStat } from './panels/stat.js';
import { drawStateTimeline } from './panels/state-timeline.js';
import { drawTable } from './panels/table.js';
import { drawTimeSeries } from './panels/time-series.js';
import { element, text } from './svg.js';

type DrawPanel = (data: PanelData, size: Size) => string;

/** By Grafana's name of the type. */
export const DRAWERS: Readonly<Record<string, DrawPanel>> = {
  heatmap: drawHeatMap,
  nodeGraph: drawNodeGraph,
  stat: drawStat,
  'state-timeline': drawStateTimeline,
  table: drawTable,
  timeseries: drawTimeSeries,
};

const TITLE_HEIGHT = 30;
const MARGIN = 6;

/**
 * A panel with its frame and title, its top left corner at 0, 0.
 * @throws an Error for a type that is not drawn yet.
 */
export function drawPanel(data: PanelData, { width, height }: Size): string {
  const { type, title } = data.panel;
  const draw = DRAWERS[type];
  if (draw === undefined)
    throw new Error(`The panel "${title}" is of the type ${type}, which the script does not draw yet: add it to DRAWERS.`);
  const inside = { width: width - 2 * MARGIN, height: height - TITLE_HEIGHT - MARGIN };
  return [
    element('rect', { x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 3, fill: PAGE.card, stroke: PAGE.border }),
    text(title, { x: 12, y: 20, size: 13, bold: true, maxWidth: width - 24 }),
    element('g', { transform: `translate(${MARGIN} ${TITLE_HEIGHT})` }, draw(data, inside)),
  ].join('\n');
}
