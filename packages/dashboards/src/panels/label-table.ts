/** Panels for infos: a table of their labels, with a row for each instance. */
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { described, type PanelSpec } from './panel.js';
import { atTheEnd } from './targets.js';

export interface LabelTableSpec extends PanelSpec {
  readonly expr: string;
}

/** Creates a table of the labels, without the value, which is always 1. */
export function labelTable(spec: LabelTableSpec): PanelBuilder {
  return described(new PanelBuilder(), spec, [atTheEnd(spec.expr, 'A')])
    .showHeader(true)
    .transformations([
      { id: 'organize', options: { excludeByName: { Time: true, Value: true, __name__: true }, indexByName: {}, renameByName: {} } },
    ]);
}
