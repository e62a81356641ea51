/** The row of PostgreSQL as the application sees it: connections, waits, queries, failures, rows and transactions. */
import { POSTGRES_METRICS } from '../families/postgres-catalogue.js';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import type { HistogramQueries } from '../queries/histograms.js';
import { equal, increase, rate, select, shareOf, sumBy, type Window } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';
import type { DashboardRow } from './row.js';

const { connections, waiting, limit, wait, connectFailures } = POSTGRES_METRICS;
const { queryDuration, queryFailures, rows, transactions, transactionDuration } = POSTGRES_METRICS;

const POOL = ['pool'];
const STATEMENT = ['pool', 'operation', 'statement'];
const durationOf = (window: Window) => ({ metric: queryDuration, matchers: INSTANCES, by: STATEMENT, window });

export function postgresRow(histograms: HistogramQueries): DashboardRow {
  return {
    title: 'PostgreSQL',
    panels: [
      statements(histograms),
      inUse(),
      waits(histograms),
      queries(histograms),
      slowest(histograms),
      failures(histograms),
      changedRows(),
      ended(),
      lasted(histograms),
    ],
  };
}

function statements(histograms: HistogramQueries) {
  return table({
    title: 'Statements in this time range',
    description:
      "Every statement by the name that the code gives it, the one with the most time first. Counts are Prometheus's estimates from the scrapes. To make the database faster, begin at the top: a fast statement that runs too often needs fewer calls, a slow one needs an index or a smaller result. Queries without a name are together in <unnamed>: name them in a comment.",
    unit: 'short',
    width: 24,
    height: 8,
    labels: { pool: 'Pool', operation: 'Operation', statement: 'Statement' },
    columns: [
      { title: 'Queries', expr: histograms.countOf(durationOf('$__range'), increase), decimals: 0 },
      { title: 'Total time', expr: histograms.sumOf(durationOf('$__range'), increase), unit: 's' },
      { title: 'Mean', expr: histograms.meanOf(durationOf('$__range')), unit: 's' },
      { title: 'p95', expr: histograms.quantileOf(0.95, durationOf('$__range')), unit: 's' },
    ],
    sortBy: 'Total time',
  });
}

function inUse() {
  const used = select(connections, ...INSTANCES, equal('state', 'used'));
  return timeSeries({
    title: 'Connections in use',
    description:
      'Connections that callers hold, callers that wait for one, and the limit of the pool. If the first is at the limit and callers wait, find out what the connections are held for: slow statements, or transactions that wait for something else than the database. Raise the limit only if the database has capacity left.',
    unit: 'short',
    width: 12,
    queries: [
      { expr: sumBy(POOL, used), legend: '{{pool}} used' },
      { expr: sumBy(POOL, select(waiting, ...INSTANCES)), legend: '{{pool}} waiting' },
      { expr: sumBy(POOL, select(limit, ...INSTANCES)), legend: '{{pool}} limit' },
    ],
  });
}

function waits(histograms: HistogramQueries) {
  const by = { metric: wait, matchers: INSTANCES, by: POOL };
  return timeSeries({
    title: 'Wait for a connection',
    description:
      'How long callers wait until the pool gives them a connection: mean and p95. Normally well below a millisecond; connections that are opened take some more. If it rises while the durations of queries do not, the pool is too small, or its connections are held for too long.',
    unit: 's',
    width: 12,
    thresholds: { warning: 0.1, critical: 1 },
    queries: [
      { expr: histograms.meanOf(by), legend: '{{pool}} mean' },
      { expr: histograms.quantileOf(0.95, by), legend: '{{pool}} p95' },
    ],
  });
}

function queries(histograms: HistogramQueries) {
  return timeSeries({
    title: 'Queries',
    description:
      'Queries per second, by operation. If it rises faster than the requests, each request sends more queries than before: look for queries in loops.',
    unit: 'ops',
    width: 12,
    queries: [
      {
        expr: histograms.countOf({ metric: queryDuration, matchers: INSTANCES, by: ['pool', 'operation'] }),
        legend: '{{pool}} {{operation}}',
      },
    ],
  });
}

function slowest(histograms: HistogramQueries) {
  return timeSeries({
    title: 'Slowest statements (p95)',
    description:
      'The p95 of the ten slowest statements. If all of them become slow at the same time, look at the database: locks, load, disks. If it is a single one, its data have grown, or its plan has changed: run EXPLAIN.',
    unit: 's',
    width: 12,
    thresholds: { warning: 0.25, critical: 1 },
    queries: [
      { expr: `topk(10, ${histograms.quantileOf(0.95, durationOf('$__rate_interval'))})`, legend: '{{pool}} {{operation}} {{statement}}' },
    ],
  });
}

function failures(histograms: HistogramQueries) {
  const part = (metric: { readonly name: string }) => sumBy(['pool', 'sqlstate'], rate(select(metric, ...INSTANCES)));
  return timeSeries({
    title: 'Failures',
    description:
      'Queries that failed and callers that got no connection, per second, by the class of the SQLSTATE, and the share of queries that failed. 23: violated constraints, often expected. 40: deadlocks and conflicts of transactions, to be tried again. 57: cancelled, or the server is shutting down. 53: the server has too many connections. connection: it could not be reached, or a wait for a connection took too long.',
    unit: 'short',
    width: 12,
    thresholds: { warning: 0.1, critical: 1 },
    queries: [
      { expr: part(queryFailures), legend: '{{pool}} {{sqlstate}}' },
      { expr: part(connectFailures), legend: '{{pool}} no connection: {{sqlstate}}' },
      {
        expr: shareOf({
          part: sumBy(POOL, rate(select(queryFailures, ...INSTANCES))),
          whole: histograms.countOf({ metric: queryDuration, matchers: INSTANCES, by: POOL }),
        }),
        legend: '{{pool}} share of queries',
      },
    ],
  });
}

function changedRows() {
  return timeSeries({
    title: 'Rows',
    description:
      'Rows that were read, inserted, updated and deleted per second. If reads rise and queries do not, a statement returns more and more rows: give it a LIMIT.',
    unit: 'short',
    width: 12,
    queries: [{ expr: sumBy(['pool', 'operation'], rate(select(rows, ...INSTANCES))), legend: '{{pool}} {{operation}}' }],
  });
}

function ended() {
  return timeSeries({
    title: 'Transactions',
    description:
      'Transactions that ended per second, by outcome. Rollbacks are work that was done for nothing: see "Failures" for the reason. error: COMMIT failed, or the connection was lost; whether such a transaction was committed has to be looked up.',
    unit: 'ops',
    width: 12,
    colors: { '/ rollback$/': 'orange', '/ error$/': 'red' },
    queries: [{ expr: sumBy(['pool', 'outcome'], rate(select(transactions, ...INSTANCES))), legend: '{{pool}} {{outcome}}' }],
  });
}

function lasted(histograms: HistogramQueries) {
  const by = { metric: transactionDuration, matchers: INSTANCES, by: POOL };
  return timeSeries({
    title: 'Duration of transactions',
    description:
      'Mean and p95 of the time from BEGIN to the end. A transaction holds a connection, and locks: if it takes much longer than its queries, the code waits for something else in the middle of it, such as an HTTP call. Do that before or after.',
    unit: 's',
    width: 12,
    thresholds: { warning: 1, critical: 10 },
    queries: [
      { expr: histograms.meanOf(by), legend: '{{pool}} mean' },
      { expr: histograms.quantileOf(0.95, by), legend: '{{pool}} p95' },
    ],
  });
}
