/** Stat panels: one large number. */
import { BigValueColorMode, BigValueGraphMode, BigValueTextMode, ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { described, type PanelQuery, type PanelSpec } from './panel.js';
import { overTime } from './targets.js';

export interface StatSpec extends PanelSpec {
  readonly query: PanelQuery;
  /**
   * The text if there is no value.
   * @default an en dash
   */
  readonly noValue?: string;
  /**
   * The number of decimals.
   * @default chosen by Grafana
   */
  readonly decimals?: number;
}

/** Creates a panel with the last value of each series, coloured by thresholds, in front of a graph of its history. */
export function stat(spec: StatSpec): PanelBuilder {
  const panel = described(new PanelBuilder(), { height: 4, ...spec }, overTime([spec.query]))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .textMode(BigValueTextMode.Auto)
    .noValue(spec.noValue ?? '–');
  return spec.decimals === undefined ? panel : panel.decimals(spec.decimals);
}
