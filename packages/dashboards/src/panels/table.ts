/** Table panels: a row for each label set, a column for each query. */
import { TableSortByFieldStateBuilder } from '@grafana/grafana-foundation-sdk/common';
import type { DataTransformerConfig, DynamicConfigValue } from '@grafana/grafana-foundation-sdk/dashboard';
import { PanelBuilder } from '@grafana/grafana-foundation-sdk/table';
import { described, type PanelSpec, stepsOf, type Thresholds } from './panel.js';
import { atTheEnd, letterOf } from './targets.js';

export interface TableColumn {
  readonly title: string;
  readonly expr: string;
  /**
   * The unit in Grafana's terms.
   * @default the unit of the panel
   */
  readonly unit?: string;
  /**
   * The number of decimals.
   * @default chosen by Grafana
   */
  readonly decimals?: number;
  readonly thresholds?: Thresholds;
}

export interface TableSpec extends PanelSpec {
  /** The titles of the label columns, in their order. */
  readonly labels: Readonly<Record<string, string>>;
  readonly columns: readonly TableColumn[];
  /** The title of the column to sort by, highest value first. Without it, rows are not sorted. */
  readonly sortBy?: string;
}

/** Creates a table of the queries' values at the end of the time range, joined by the labels. */
export function table(spec: TableSpec): PanelBuilder {
  const targets = spec.columns.map(({ expr }, index) => atTheEnd(expr, letterOf(index)));
  const panel = described(new PanelBuilder(), spec, targets).showHeader(true).filterable(true);
  panel.transformations([{ id: 'merge', options: {} }, organized(spec)]);
  for (const column of spec.columns) panel.overrideByName(column.title, propertiesOf(column));
  return spec.sortBy === undefined ? panel : panel.sortBy([new TableSortByFieldStateBuilder().displayName(spec.sortBy).desc(true)]);
}

/** Names and orders the columns, and removes the time. */
function organized({ labels, columns }: TableSpec): DataTransformerConfig {
  // The value of a single query is called Value; with several queries, their letters are added.
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
