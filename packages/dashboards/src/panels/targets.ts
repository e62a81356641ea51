/** Creates queries in the formats that panels need. */
import { DataqueryBuilder, PromQueryFormat, QueryEditorMode } from '@grafana/grafana-foundation-sdk/prometheus';
import { DATA_SOURCE, type PanelQuery } from './panel.js';

/** Queries of lines over the time range, named A, B, C, ... in order. */
export function overTime(queries: readonly PanelQuery[]): DataqueryBuilder[] {
  return queries.map(({ expr, legend }, index) => target(expr, letterOf(index)).range().legendFormat(legend));
}

/** Query of the buckets of a histogram over the time range. */
export function overTimeAsBuckets(expr: string): DataqueryBuilder {
  return target(expr, 'A').range().format(PromQueryFormat.Heatmap).legendFormat('{{le}}');
}

/** Query of the rows of a table, at the end of the time range. */
export function atTheEnd(expr: string, refId: string): DataqueryBuilder {
  return target(expr, refId).instant().format(PromQueryFormat.Table);
}

/** The letter of a query: A for the first one of a panel. */
export function letterOf(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

function target(expr: string, refId: string): DataqueryBuilder {
  return new DataqueryBuilder().datasource(DATA_SOURCE).editorMode(QueryEditorMode.Code).expr(expr).refId(refId);
}
