/** Time series panels: lines over time. */
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
  /** Whether to stack the lines. */
  readonly stacked?: true;
  /** Whether to draw bars, for counts of events in intervals. */
  readonly bars?: true;
  /** Colours by the names of lines, as regular expressions between slashes. */
  readonly colors?: Readonly<Record<string, string>>;
  /** Lines that the legend leaves out, as a regular expression between slashes: for example successes in a panel that is about failures. */
  readonly outOfLegend?: string;
  /** Whether values can be negative, so that the axis does not begin at 0. */
  readonly belowZero?: true;
  /** The maximum of the axis, if the values have one. */
  readonly max?: number;
}

/** Creates a panel of lines with dashed thresholds. The legend is a table with mean, maximum and last value. */
export function timeSeries(spec: TimeSeriesSpec): PanelBuilder {
  const panel = described(new PanelBuilder(), spec, overTime(spec.queries))
    .lineWidth(1)
    .fillOpacity(spec.stacked || spec.bars ? 40 : 8)
    .drawStyle(spec.bars ? GraphDrawStyle.Bars : GraphDrawStyle.Line)
    // Show points, because a single value between gaps is not a line.
    .showPoints(VisibilityMode.Auto)
    .legend(
      new VizLegendOptionsBuilder()
        .showLegend(true)
        .displayMode(LegendDisplayMode.Table)
        .placement(LegendPlacement.Bottom)
        .calcs(['mean', 'max', 'lastNotNull'])
        // The highest first, because the end of a long legend is out of sight, and failing lines must be visible.
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
