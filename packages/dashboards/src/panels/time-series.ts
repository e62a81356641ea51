/** Lines over time. */
import {
  GraphDrawStyle,
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
  LegendDisplayMode,
  LegendPlacement,
  SortOrder,
  StackingConfigBuilder,
  StackingMode,
  TooltipDisplayMode,
  VisibilityMode,
  VizLegendOptionsBuilder,
  VizTooltipOptionsBuilder,
} from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/timeseries';
import { described, type PanelQuery, type PanelSpec } from './panel.js';
import { overTime } from './targets.js';

export interface TimeSeriesSpec extends PanelSpec {
  readonly queries: readonly PanelQuery[];
  /** Parts of a whole, one on top of the other. */
  readonly stacked?: true;
  /** Counts of events, each in its own interval. */
  readonly bars?: true;
  /** Colours by the name of a line: a regular expression between slashes. */
  readonly colors?: Readonly<Record<string, string>>;
  /** Lines that the legend leaves out, by a regular expression between slashes: those that are fine, where others are looked for. */
  readonly outOfLegend?: string;
  /** Values may be negative: the axis begins where they do, and not at 0. */
  readonly belowZero?: true;
  /** The top of the axis, where the values have one. */
  readonly max?: number;
}

/** Lines, thresholds dashed; the legend is a table with mean, highest and last value. */
export function timeSeries(spec: TimeSeriesSpec): PanelBuilder {
  const panel = described(new PanelBuilder(), spec, overTime(spec.queries))
    .lineWidth(1)
    .fillOpacity(spec.stacked || spec.bars ? 40 : 8)
    .drawStyle(spec.bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    // A value alone between gaps is no line, and is to be seen.
    .showPoints(VisibilityMode.Auto)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs(['mean', 'max', 'lastNotNull'])
        // The highest first: of many lines those at the end are out of sight, and the one that fails must not be.
        .sortBy('Max')
        .sortDesc(true),
    )
    .tooltip(new VizTooltipOptionsBuilder().mode(TooltipDisplayMode.Multi).sort(SortOrder.Descending));
  if (!spec.belowZero) panel.min(0);
  if (spec.stacked) panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal).group('A'));
  if (spec.thresholds) panel.thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  if (spec.max !== undefined) panel.max(spec.max);
  for (const [pattern, color] of Object.entries(spec.colors ?? {}))
    panel.overrideByRegexp(pattern, [{ id: 'color', value: { mode: 'fixed', fixedColor: color } }]);
  if (spec.outOfLegend !== undefined)
    panel.overrideByRegexp(spec.outOfLegend, [{ id: 'custom.hideFrom', value: { legend: true, tooltip: false, viz: false } }]);
  return panel;
}
