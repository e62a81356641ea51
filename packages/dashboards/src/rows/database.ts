/** What applications record of their database by hand, under the names that the guides use. */
import type { MetricFamily } from '../families/metric-family.js';
import { heatMap } from '../panels/heat-map.js';
import type { PanelDraft } from '../panels/panel.js';
import { timeSeries } from '../panels/time-series.js';
import { increase, quantileOf, rate, select, sumBy } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';
import type { DashboardRow } from './row.js';

type DatabaseMetric = Omit<MetricFamily, 'series'>;

const writes = {
  type: 'counter',
  name: 'database_writes_total',
  help: 'Writes, by table and operation.',
  labelNames: ['table', 'operation'],
} as const satisfies DatabaseMetric;

const rowsReturned = {
  type: 'histogram',
  name: 'database_query_rows_returned',
  help: 'Rows that a query returned.',
  labelNames: ['table', 'query_type'],
} as const satisfies DatabaseMetric;

const fullScans = {
  type: 'counter',
  name: 'database_full_scan_total',
  help: 'Queries that read a whole table.',
  labelNames: ['table'],
} as const satisfies DatabaseMetric;

const aggregations = {
  type: 'counter',
  name: 'expensive_aggregation_total',
  help: 'Computations over many records, by operation and by how many there were.',
  labelNames: ['operation', 'records_processed'],
} as const satisfies DatabaseMetric;

const PANELS: readonly (readonly [DatabaseMetric, () => PanelDraft])[] = [
  [writes, writesPanel],
  [fullScans, fullScansPanel],
  [rowsReturned, resultSizesPanel],
  [rowsReturned, resultSizeMap],
  [aggregations, aggregationsPanel],
];

/** The metrics that this row knows; they are an application's own, so no catalogue has them. */
export function databaseFamilies(): MetricFamily[] {
  return [writes, rowsReturned, fullScans, aggregations].map((metric) => ({ ...metric, labelNames: [...metric.labelNames], series: [] }));
}

/**
 * The panels of those metrics that an application has.
 * @param names of its metrics
 */
export function databaseRow(names: ReadonlySet<string>): DashboardRow {
  const panels = PANELS.filter(([{ name }]) => names.has(name)).map(([, make]) => make());
  return { title: 'Database and operations', panels };
}

function writesPanel() {
  return timeSeries({
    title: 'Writes by table and operation',
    description:
      'Writes per second that the application counts. If they rise faster than the requests that cause them, something writes in a loop or saves what did not change. If they stop while requests go on, see whether the database takes writes at all: a full disk, a failover to a read-only copy.',
    unit: 'writes/s',
    width: 12,
    queries: [{ expr: sumBy(writes.labelNames, rate(select(writes, ...INSTANCES))), legend: '{{table}} {{operation}}' }],
  });
}

function fullScansPanel() {
  return timeSeries({
    title: 'Full scans by table',
    description:
      'Queries per second that read a whole table. Harmless while the table is small; together with growing result sizes it is the next slow route. Give the query a condition with an index, or a page size.',
    unit: 'scans/s',
    width: 12,
    thresholds: { warning: 1, critical: 10 },
    queries: [{ expr: sumBy(fullScans.labelNames, rate(select(fullScans, ...INSTANCES))), legend: '{{table}}' }],
  });
}

function resultSizesPanel() {
  return timeSeries({
    title: 'Result sizes',
    description:
      'How many rows 50 and 95 of 100 queries return at most, by table and kind of query. If p95 grows with the data, the query returns what nobody reads: limit it, or read it page by page. Memory and response time follow this line.',
    unit: 'short',
    width: 12,
    thresholds: { warning: 1_000, critical: 10_000 },
    queries: [50, 95].map((percent) => ({
      expr: quantileOf(percent / 100, { metric: rowsReturned, matchers: INSTANCES, by: rowsReturned.labelNames }),
      legend: `{{table}} {{query_type}} p${percent}`,
    })),
  });
}

function resultSizeMap() {
  return heatMap({
    title: 'Result sizes, spread',
    description:
      'How many queries returned how many rows: the darker, the more. A second band that appears further up is a new kind of query, or a customer with far more data than the others; see which query it is under "Result sizes".',
    unit: 'short',
    width: 12,
    expr: sumBy(['le'], increase(select({ name: `${rowsReturned.name}_bucket` }, ...INSTANCES))),
  });
}

function aggregationsPanel() {
  return timeSeries({
    title: 'Expensive aggregations',
    description:
      'Computations over many records per second, by operation and number of records. When the lines of larger sizes take over, keep the result instead of computing it each time, or let the database add up. They hold the event loop: compare with its lag in the row "System".',
    unit: 'runs/s',
    width: 24,
    thresholds: { warning: 1, critical: 10 },
    queries: [
      { expr: sumBy(aggregations.labelNames, rate(select(aggregations, ...INSTANCES))), legend: '{{operation}} {{records_processed}}' },
    ],
  });
}
