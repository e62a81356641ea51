/** Draws a time series panel: lines, areas, bars, with the legend below. */
import type { PanelJson, ThresholdJson } from '../../../test/support/grafana/dashboard-json.js';
import { type ChartOptions, drawChart, type Size } from '../chart.js';
import { colorOf, PAGE, seriesColor } from '../colors.js';
import { type NamedSeries, namedSeries, type PanelData } from '../fields.js';
import { drawLegend, type LegendEntry } from '../legend.js';
import { element } from '../svg.js';
import { timeAxis } from '../time-axis.js';
import { axisScale } from '../units.js';

/** The inside of the panel, below its title. */
export function drawTimeSeries(data: PanelData, { width, height }: Size): string {
  const entries = namedSeries(data).map((series, index) => ({ series, color: colorOfSeries(series, index) }));
  const legend = drawLegend(data.panel, entries, { width: width - 16, height: height * 0.36 });
  const size = { width, height: Math.floor(height - legend.height - (legend.height === 0 ? 0 : 6)) };
  const chart = drawChart(optionsOf(data.panel, entries, size), size);
  return [chart, element('g', { transform: `translate(8 ${size.height + 4})` }, legend.svg)].join('\n');
}

function colorOfSeries({ field }: NamedSeries, index: number): string {
  const { mode, fixedColor } = field.color ?? {};
  return mode === 'fixed' && fixedColor !== undefined ? colorOf(fixedColor) : seriesColor(index);
}

function optionsOf(panel: PanelJson, entries: readonly LegendEntry[], size: Size): ChartOptions {
  const { unit, min, max, custom = {}, thresholds } = panel.fieldConfig?.defaults ?? {};
  const values = entries.flatMap(({ series }) => series.points.map(([, value]) => value)).filter(Number.isFinite);
  const stacked = (custom['stacking'] as { readonly mode?: string } | undefined)?.mode === 'normal';
  const steps = thresholdLines(custom, thresholds?.steps);
  const largest = Math.max(max ?? 0, ...values.map(Math.abs));
  const { divisor, suffix } = axisScale(largest, unit);
  // A flat line at zero is drawn at the bottom, not in the middle.
  const top = largest === 0 ? 1 : max === undefined ? undefined : max / divisor;
  const times = [...new Set(entries.flatMap(({ series }) => series.points.map(([time]) => time)))].sort((a, b) => a - b);
  return {
    grid: { left: 8, right: 14, top: 10, bottom: 4, containLabel: true },
    xAxis: timeAxis({ fromSeconds: times[0] ?? 0, toSeconds: times.at(-1) ?? 0 }, size.width),
    yAxis: {
      type: 'value',
      min: min === undefined ? undefined : min / divisor,
      max: top,
      interval: top === undefined ? undefined : top / 4,
      splitNumber: Math.max(2, Math.round(size.height / 45)),
      axisLabel: { color: PAGE.faint, fontSize: 11, formatter: (value: number) => `${Number(value.toPrecision(6))}${suffix}` },
      splitLine: { lineStyle: { color: PAGE.grid } },
    },
    series: entries.map((entry, index) => ({
      ...lineOf(entry, { divisor, stacked, times, lines: entries.length }),
      ...(index === 0 && steps.length > 0 && { markLine: markLine(steps, divisor) }),
    })),
  };
}

interface LineStyleJson {
  readonly drawStyle?: 'line' | 'bars' | 'points';
  /** In percent. */
  readonly fillOpacity?: number;
  readonly lineWidth?: number;
}

interface LineContext {
  readonly divisor: number;
  readonly stacked: boolean;
  readonly times: readonly number[];
  /** How many there are in the panel. */
  readonly lines: number;
}

function lineOf({ series, color }: LegendEntry, { divisor, stacked, times, lines }: LineContext): ChartOptions {
  const { drawStyle = 'line', fillOpacity = 0, lineWidth = 1 } = (series.field.custom ?? {}) as LineStyleJson;
  const values = new Map(series.points);
  // Every line has every moment: lines are put on top of each other by their place in the data.
  const data = times.map((time) => {
    const value = values.get(time);
    return [time * 1_000, value !== undefined && Number.isFinite(value) ? value / divisor : stacked ? 0 : null];
  });
  // Areas one over the other get darker; many of them get too dark.
  const opacity = (fillOpacity / 100) * (stacked ? 1 : Math.min(1, 3 / lines));
  return {
    type: drawStyle === 'bars' ? 'bar' : 'line',
    data,
    showSymbol: isSparse(series),
    symbolSize: 4,
    symbol: 'circle',
    stack: stacked ? 'all' : undefined,
    connectNulls: false,
    itemStyle: { color },
    lineStyle: { color, width: lineWidth + (stacked ? 0 : 0.5) },
    ...(opacity > 0 && { areaStyle: { color, opacity } }),
  };
}

// A line through one point is none.
function isSparse({ points }: NamedSeries): boolean {
  return points.filter(([, value]) => Number.isFinite(value)).length < 3;
}

function thresholdLines(custom: Readonly<Record<string, unknown>>, steps: readonly ThresholdJson[] = []): readonly ThresholdJson[] {
  const mode = (custom['thresholdsStyle'] as { readonly mode?: string } | undefined)?.mode ?? 'off';
  return mode === 'off' ? [] : steps.filter(({ value }) => value !== null && value !== undefined);
}

function markLine(steps: readonly ThresholdJson[], divisor: number): ChartOptions {
  return {
    silent: true,
    symbol: 'none',
    label: { show: false },
    data: steps.map(({ value, color }) => ({
      yAxis: (value ?? 0) / divisor,
      lineStyle: { color: colorOf(color), type: 'dashed', width: 1 },
    })),
  };
}
