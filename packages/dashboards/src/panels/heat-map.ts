/** How a histogram's observations spread over its buckets, over time. */
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
  /** Buckets, told apart by `le`. */
  readonly expr: string;
}

/** The darker a cell, the more observations; the unit is that of what was observed. */
export function heatMap(spec: HeatMapSpec): PanelBuilder {
  return described(new PanelBuilder(), spec, [overTimeAsBuckets(spec.expr)])
    .calculate(false)
    .rowsFrame(new RowsHeatmapOptionsBuilder().layout(HeatmapCellLayout.Auto))
    .yAxis(new YAxisConfigBuilder().unit(spec.unit))
    .color(new HeatmapColorOptionsBuilder().mode(HeatmapColorMode.Scheme).scheme('Oranges').exponent(0.5).steps(64))
    .cellGap(1)
    .showLegend();
}
