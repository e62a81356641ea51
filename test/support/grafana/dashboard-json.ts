/** A Grafana dashboard's JSON, as far as what stands in for Grafana reads it. */

/** A query of a panel. */
export interface TargetJson {
  readonly refId: string;
  readonly expr: string;
  readonly instant?: boolean;
  readonly range?: boolean;
  readonly format?: 'time_series' | 'table' | 'heatmap';
  /** `{{label}}` stands for a label's value. */
  readonly legendFormat?: string;
  /** The least step, such as `30s`. */
  readonly interval?: string;
}

/** One place on the grid of 24 columns; a unit of height is 30 pixels. */
export interface GridPosition {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

export interface ThresholdJson {
  /** The first step has none: it holds from below. */
  readonly value: number | null;
  readonly color: string;
}

/** How values are shown. */
export interface FieldDefaultsJson {
  readonly unit?: string;
  readonly decimals?: number;
  readonly displayName?: string;
  readonly min?: number;
  readonly max?: number;
  readonly color?: { readonly mode?: string; readonly fixedColor?: string };
  readonly thresholds?: { readonly mode?: string; readonly steps?: readonly ThresholdJson[] };
  readonly mappings?: readonly Readonly<Record<string, unknown>>[];
  readonly custom?: Readonly<Record<string, unknown>>;
}

/** What is different for some fields. */
export interface OverrideJson {
  readonly matcher: { readonly id: string; readonly options?: unknown };
  readonly properties: readonly { readonly id: string; readonly value?: unknown }[];
}

export interface TransformationJson {
  readonly id: string;
  readonly options: Readonly<Record<string, unknown>>;
  readonly filter?: { readonly id: string; readonly options?: unknown };
}

export interface PanelJson {
  readonly id: number;
  /** `row`, `stat`, `timeseries`, `table`, ... */
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: GridPosition;
  readonly targets?: readonly TargetJson[];
  readonly fieldConfig?: { readonly defaults: FieldDefaultsJson; readonly overrides: readonly OverrideJson[] };
  readonly options?: Readonly<Record<string, unknown>>;
  readonly transformations?: readonly TransformationJson[];
  readonly maxDataPoints?: number;
  /** The panels of a row that is shut. */
  readonly panels?: readonly PanelJson[];
}

export interface VariableJson {
  readonly name: string;
  /** `query`, `datasource`, `custom`, ... */
  readonly type: string;
  readonly query?: string | { readonly query?: string };
  readonly multi?: boolean;
  readonly includeAll?: boolean;
  readonly allValue?: string | null;
}

export interface DashboardJson {
  readonly title: string;
  readonly uid: string;
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly VariableJson[] };
}

/** A heading and the panels below it, up to the next heading. */
export interface DashboardRow {
  readonly title: string;
  readonly panels: readonly PanelJson[];
}

/** The rows from top to bottom; panels above the first heading are a row named as the dashboard. */
export function rowsOf({ title, panels }: DashboardJson): DashboardRow[] {
  const rows: { title: string; panels: PanelJson[] }[] = [];
  for (const panel of panels) {
    if (panel.type === 'row') rows.push({ title: panel.title, panels: [...(panel.panels ?? [])] });
    else if (rows.length === 0) rows.push({ title, panels: [panel] });
    else rows.at(-1)?.panels.push(panel);
  }
  return rows;
}

/** A query, and where it stands. */
export interface PanelQuery {
  readonly dashboard: string;
  readonly row: string;
  readonly panel: PanelJson;
  readonly target: TargetJson;
}

/** Every query of every panel, also of rows that are shut. */
export function queriesOf(dashboard: DashboardJson): PanelQuery[] {
  return rowsOf(dashboard).flatMap(({ title, panels }) =>
    panels.flatMap((panel) => (panel.targets ?? []).map((target) => ({ dashboard: dashboard.title, row: title, panel, target }))),
  );
}
