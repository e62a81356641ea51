/** State timeline panels: the states of something over time. */
import { LegendDisplayMode, LegendPlacement, VisibilityMode, VizLegendOptionsBuilder } from '@grafana/grafana-foundation-sdk/common';
import { MappingType, type ValueMap } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/statetimeline';
import { described, type PanelQuery, type PanelSpec } from './panel.js';
import { overTime } from './targets.js';

export interface StateTimelineSpec extends PanelSpec {
  /** The query with a series for each state, which is 1 for the current state and 0 otherwise. */
  readonly query: PanelQuery;
}

const ON_OR_OFF: ValueMap = {
  type: MappingType.ValueToText,
  options: { '0': { text: 'no', color: 'transparent', index: 0 }, '1': { text: 'yes', color: 'green', index: 1 } },
};

/** Creates a panel with a line for each state, which is filled while the state is current. */
export function stateTimeline(spec: StateTimelineSpec): PanelBuilder {
  return described(new PanelBuilder(), spec, overTime([spec.query]))
    .mappings([ON_OR_OFF])
    .mergeValues(true)
    .showValue(VisibilityMode.Never)
    .fillOpacity(70)
    .legend(new VizLegendOptionsBuilder().showLegend(true).displayMode(LegendDisplayMode.List).placement(LegendPlacement.Bottom));
}
