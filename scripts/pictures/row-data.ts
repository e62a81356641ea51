/** Asks Prometheus what every panel of a dashboard asks it, row by row. */
import { type DashboardJson, queriesOf, rowsOf } from '../../test/support/grafana/dashboard-json.js';
import { type QueryContext, runPanelQuery } from '../../test/support/grafana/run-query.js';
import { choose, variableValues } from '../../test/support/grafana/variable-query.js';
import type { PrometheusServer } from '../../test/support/prometheus-server.js';
import type { RowData } from './draw-row.js';
import type { PanelData, TargetResult } from './fields.js';

/** The time that the pictures show. */
export type TimeRange = Pick<QueryContext, 'fromSeconds' | 'toSeconds' | 'scrapeIntervalSeconds'>;

/** Every row with its answers, everything chosen in the variables. */
export async function rowDataOf(prometheus: PrometheusServer, dashboard: DashboardJson, range: TimeRange): Promise<RowData[]> {
  const values = await variableValues(prometheus, dashboard, { ...range, stepSeconds: range.scrapeIntervalSeconds });
  const context: QueryContext = { ...range, choices: choose(dashboard, values) };
  const results = new Map<number, TargetResult[]>();
  for (const query of queriesOf(dashboard)) {
    const { refId, legendFormat } = query.target;
    const result = { refId, legendFormat, series: await runPanelQuery(prometheus, query, context) };
    results.set(query.panel.id, [...(results.get(query.panel.id) ?? []), result]);
  }
  return rowsOf(dashboard).map(({ title, panels }) => ({
    title,
    panels: panels.map((panel): PanelData => ({ panel, results: results.get(panel.id) ?? [] })),
  }));
}
