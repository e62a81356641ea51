/** Draws a heat map panel: the darker a cell, the more observations fell into that bucket in that moment. */
import type { QueriedSeries } from '../../../test/support/grafana/run-query.js';
import { type ChartOptions, drawChart, type Size } from '../chart.js';
import { PAGE } from '../colors.js';
import type { PanelData } from '../fields.js';
import { formatValue } from '../units.js';

const ORANGES = ['#fff5eb', '#fdd0a2', '#fdae6b', '#f16913', '#d94801', '#8c2d04'];

interface Bucket {
  readonly le: number;
  readonly counts: ReadonlyMap<number, number>;
}

/** The inside of the panel, below its title. */
export function drawHeatMap({ panel, results }: PanelData, size: Size): string {
  const buckets = withoutLower(results.flatMap(({ series }) => series));
  const times = [...new Set(buckets.flatMap(({ counts }) => [...counts.keys()]))].sort((a, b) => a - b);
  const unit = (panel.options?.['yAxis'] as { readonly unit?: string } | undefined)?.unit ?? panel.fieldConfig?.defaults.unit;
  const cells = buckets.flatMap(({ counts }, y) => times.map((time, x) => [x, y, counts.get(time) ?? 0] as const));
  return drawChart(
    {
      grid: { left: 8, right: 14, top: 8, bottom: 4, containLabel: true },
      xAxis: axisOf(times.map(clock), { interval: labelsAt(times, size.width) }),
      yAxis: axisOf(buckets.map(({ le }) => (Number.isFinite(le) ? formatValue(le, unit) : 'more'))),
      visualMap: { show: false, min: 0, max: Math.max(1e-9, ...cells.map(([, , count]) => Math.sqrt(count))), inRange: { color: ORANGES } },
      // The root brings out the few beside the many, as the exponent of the panel's colours does.
      series: [
        {
          type: 'heatmap',
          data: cells.filter(([, , count]) => count > 0).map(([x, y, count]) => [x, y, Math.sqrt(count)]),
          progressive: 0,
        },
      ],
    },
    size,
  );
}

function axisOf(data: readonly string[], labels: ChartOptions = {}): ChartOptions {
  return {
    type: 'category',
    data,
    axisLabel: { color: PAGE.faint, fontSize: 11, ...labels },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: PAGE.border } },
  };
}

// Buckets count what is in the lower ones too; Grafana takes that out of an answer that it asked for as a heat map.
function withoutLower(series: readonly QueriedSeries[]): Bucket[] {
  const sorted = series.map(({ labels, points }) => ({ le: boundOf(labels['le']), counts: new Map(points) })).sort((a, b) => a.le - b.le);
  return sorted.map(({ le, counts }, index) => {
    const lower = sorted[index - 1]?.counts;
    return { le, counts: new Map([...counts].map(([time, count]) => [time, Math.max(0, count - (lower?.get(time) ?? 0))])) };
  });
}

function boundOf(le: string | undefined): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}

// Whole minutes, as many as there is room for.
function labelsAt(times: readonly number[], width: number): (index: number) => boolean {
  const minutes = ((times.at(-1) ?? 0) - (times[0] ?? 0)) / 60;
  const every = 60 * Math.max(1, Math.ceil(minutes / (width / 90)));
  return (index) => Math.floor((times[index] ?? 0) / every) !== Math.floor((times[index - 1] ?? 0) / every) && index > 0;
}

function clock(seconds: number): string {
  return new Date(seconds * 1_000).toISOString().slice(11, 16);
}
