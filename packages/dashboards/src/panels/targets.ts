/** Queries in the shapes that panels ask for them. */
import { DataqueryBuilder, PromQueryFormat, QueryEditorMode } from '@grafana/grafana-foundation-sdk/prometheus';
import { DATA_SOURCE, type PanelQuery } from './panel.js';

/** Lines over the time range; their names are A, B, C, ... in the order of the queries. */
export function overTime(queries: readonly PanelQuery[]): DataqueryBuilder[] {
  return queries.map(({ expr, legend }, index) => target(expr, letterOf(index)).range().legendFormat(legend));
}

/** The buckets of a histogram over the time range. */
export function overTimeAsBuckets(expr: string): DataqueryBuilder {
  return target(expr, 'A').range().format(PromQueryFormat.Heatmap).legendFormat('{{le}}');
}

/** The rows of a table, at the end of the time range. */
export function atTheEnd(expr: string, refId: string): DataqueryBuilder {
  return target(expr, refId).instant().format(PromQueryFormat.Table);
}

/** A for the first query of a panel. */
export function letterOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function target(expr: string, refId: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(DATA_SOURCE).editorMode(QueryEditorMode.Code).expr(expr).refId(refId);
}
