/** Which states something was in, over time. */
import { LegendDisplayMode, LegendPlacement, VisibilityMode, VizLegendOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { MappingType, type ValueMap } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { described, type PanelQuery, type PanelSpec } from './panel.js';
import { overTime } from './targets.js';

export interface StateTimelineSpec extends PanelSpec {
  /** A series for each state: 1 while it holds, 0 otherwise. */
  readonly query: PanelQuery;
}

const ON_OR_OFF: ValueMap = {
  type: MappingType.ValueToText,
  options: { '0': { text: 'no', color: 'transparent', index: 0 }, '1': { text: 'yes', color: 'green', index: 1 } },
};

/** A line for each state, filled while it holds. */
export function stateTimeline(spec: StateTimelineSpec): PanelBuilder {
  return described(new PanelBuilder(), spec, overTime([spec.query]))
    .mappings([ON_OR_OFF])
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .fillOpacity(70)
    .legend(new VizLegendOptionsBuilder().showLegend(true).displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom));
}
