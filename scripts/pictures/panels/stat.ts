/** Draws a stat panel: one large number for each series, and its curve where the panel asks for it. */
import { drawChart, type Size } from '../chart.js';
import { colorOf, PAGE, thresholdColor } from '../colors.js';
import { type NamedSeries, namedSeries, type PanelData } from '../fields.js';
import { mappedText } from '../mappings.js';
import { reducePoints } from '../reduce.js';
import { element, text, widthOf } from '../svg.js';

interface StatOptions {
  readonly colorMode?: string;
  readonly graphMode?: string;
  readonly textMode?: string;
  readonly reduceOptions?: { readonly calcs?: readonly string[] };
}

/** The inside of the panel, below its title. */
export function drawStat(data: PanelData, size: Size): string {
  const all = namedSeries(data);
  const height = size.height / Math.max(1, all.length);
  const tiles = all.map((series, index) => {
    const tile = drawTile(data, series, { width: size.width, height, isNamed: all.length > 1 });
    return element('g', { transform: `translate(0 ${index * height})` }, tile);
  });
  return tiles.join('\n');
}

function drawTile({ panel }: PanelData, series: NamedSeries, { width, height, isNamed }: Size & { readonly isNamed: boolean }): string {
  const options = (panel.options ?? {}) as StatOptions;
  const value = reducePoints(series.points, options.reduceOptions?.calcs?.[0]);
  const { color, shown } = mappedText(series.field, value);
  const curved = options.graphMode === 'area' && series.points.length > 1;
  const fill = color ?? (options.colorMode === 'none' ? PAGE.text : tileColor(series, value));
  const number = options.textMode === 'name' ? series.name : shown;
  const size = Math.min(38, height * (curved ? 0.36 : 0.46), ((width - 24) / widthOf(number, 1)) * 0.98);
  const y = curved ? height * 0.46 : height / 2 + size * 0.34;
  return [
    ...(curved ? [drawCurve(series, fill, { width, height })] : []),
    text(number, { x: width / 2, y, size, fill, anchor: 'middle', bold: true }),
    ...(isNamed
      ? [text(series.name, { x: width / 2, y: y + 15, size: 11, fill: PAGE.faint, anchor: 'middle', maxWidth: width - 16 })]
      : []),
  ].join('\n');
}

function tileColor({ field }: NamedSeries, value: number): string {
  if (field.color?.mode === 'fixed' && field.color.fixedColor !== undefined) return colorOf(field.color.fixedColor);
  return thresholdColor(field.thresholds?.steps, value);
}

function drawCurve({ points }: NamedSeries, color: string, { width, height }: Size): string {
  const size = { width, height: Math.round(height * 0.42) };
  const values = points.map(([, value]) => value).filter(Number.isFinite);
  const options = {
    grid: { left: 0, right: 0, top: 2, bottom: 0 },
    xAxis: { type: 'value', show: false, min: points[0]?.[0], max: points.at(-1)?.[0] },
    yAxis: { type: 'value', show: false, min: Math.min(0, ...values), max: Math.max(...values) || 1 },
    series: [
      {
        type: 'line',
        data: points.map(([time, value]) => [time, Number.isFinite(value) ? value : null]),
        showSymbol: false,
        lineStyle: { color, width: 1.5 },
        areaStyle: { color, opacity: 0.15 },
      },
    ],
  };
  return element('g', { transform: `translate(0 ${height - size.height})` }, drawChart(options, size));
}
