/** One large number. */
import { BigValueColorMode, BigValueGraphMode, BigValueTextMode, ReduceDataOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/stat';
import { described, type PanelQuery, type PanelSpec } from './panel.js';
import { overTime } from './targets.js';

export interface StatSpec extends PanelSpec {
  readonly query: PanelQuery;
  /** What stands there while there is no value; a dash unless told. */
  readonly noValue?: string;
  /** Digits behind the point; as many as Grafana finds right unless told. */
  readonly decimals?: number;
}

/** The last value, coloured by its thresholds, with its course behind it. One number for each series. */
export function stat(spec: StatSpec): PanelBuilder {
  const panel = described(new PanelBuilder(), { height: 4, ...spec }, overTime([spec.query]))
    .reduceOptions(new ReduceDataOptionsBuilder().calcs(['lastNotNull']).fields('').values(false))
    .colorMode(BigValueColorMode.Value)
    .graphMode(BigValueGraphMode.Area)
    .textMode(BigValueTextMode.Auto)
    .noValue(spec.noValue ?? '–');
  return spec.decimals === undefined ? panel : panel.decimals(spec.decimals);
}
