/** A row for each label set, a column for each query. */
import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { DataTransformerConfig, DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { described, type PanelSpec, stepsOf, type Thresholds } from './panel.js';
import { atTheEnd, letterOf } from './targets.js';

export interface TableColumn {
  readonly title: string;
  readonly expr: string;
  /** Grafana's name of it; the panel's unless told. */
  readonly unit?: string;
  /** Digits behind the point; as many as Grafana finds right unless told. */
  readonly decimals?: number;
  readonly thresholds?: Thresholds;
}

export interface TableSpec extends PanelSpec {
  /** The titles of labels, in the order of their columns. */
  readonly labels: Readonly<Record<string, string>>;
  readonly columns: readonly TableColumn[];
  /** The title of the column that the rows are sorted by, the highest first; as they come unless told. */
  readonly sortBy?: string;
}

/** What each query gives at the end of the time range, joined by the labels. */
export function table(spec: TableSpec): PanelBuilder {
  const targets = spec.columns.map(({ expr }, index) => atTheEnd(expr, letterOf(index)));
  const panel = described(new PanelBuilder(), spec, targets).showHeader(true).filterable(true);
  panel.transformations([{ id: 'merge', options: {} }, organized(spec)]);
  for (const column of spec.columns) panel.overrideByName(column.title, propertiesOf(column));
  return spec.sortBy === undefined ? panel : panel.sortBy([new TableSortByFieldStateBuilder().displayName(spec.sortBy).desc(true)]);
}

/** The columns under their titles and in their order, without the time. */
function organized({ labels, columns }: TableSpec): DataTransformerConfig {
  // A single query's value is called Value, one of several by its letter too.
  const values = columns.map(({ title }, index) => [columns.length === 1 ? 'Value' : `Value #${letterOf(index)}`, title] as const);
  const renamed = [...Object.entries(labels), ...values];
  return {
    id: 'organize',
    options: {
      excludeByName: { Time: true },
      indexByName: Object.fromEntries(renamed.map(([name], index) => [name, index])),
      renameByName: Object.fromEntries(renamed),
    },
  };
}

function propertiesOf({ unit, decimals, thresholds }: TableColumn): DynamicConfigValue[] {
  return [
    ...(unit === undefined ? [] : [{ id: 'unit', value: unit }]),
    ...(decimals === undefined ? [] : [{ id: 'decimals', value: decimals }]),
    ...(thresholds === undefined
      ? []
      : [
          { id: 'thresholds', value: { mode: 'absolute', steps: stepsOf(thresholds) } },
          { id: 'custom.cellOptions', value: { type: 'color-text' } },
        ]),
  ];
}
