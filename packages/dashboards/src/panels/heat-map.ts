/** Heat map panels: the distribution of a histogram over time. */
import { HeatmapCellLayout } from '@grafana/grafana-foundation-sdk/common';
import {
  HeatmapColorMode,
  HeatmapColorOptionsBuilder,
  PanelBuilder,
  RowsHeatmapOptionsBuilder,
  YAxisConfigBuilder,
} from '@grafana/grafana-foundation-sdk/heatmap';
import { described, type PanelSpec } from './panel.js';
import { overTimeAsBuckets } from './targets.js';

export interface HeatMapSpec extends PanelSpec {
  /** The query of the buckets, by `le`. */
  readonly expr: string;
}

/** Creates a heat map. Darker cells have more observations. The unit is that of the observed values. */
export function heatMap(spec: HeatMapSpec): PanelBuilder {
  return described(new PanelBuilder(), spec, [overTimeAsBuckets(spec.expr)])
    .calculate(false)
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Auto))
    .yAxis(new YAxisConfigBuilder().unit(spec.unit))
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').exponent(0.5).steps(64))
    .cellGap(1)
    .showLegend();
}
