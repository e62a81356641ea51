/** Every metric that this package records: its name, type, help and labels. Recording and docs use this list. */

/** Bounds for queries and for waits: an index look-up takes a fraction of a millisecond, a report takes minutes. */
const SECONDS: readonly number[] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** The metrics of `@tsukimi/postgres`. */
export const POSTGRES_CATALOGUE = {
  connections: {
    type: 'gauge',
    name: 'db_pool_connections',
    help: 'Connections of a pool, by state: used by a caller or being opened, or idle.',
    labelNames: ['pool', 'state'],
  },
  waiting: {
    type: 'gauge',
    name: 'db_pool_waiting',
    help: 'Callers that wait for a connection of a pool, because all of its connections are used.',
    labelNames: ['pool'],
  },
  limit: {
    type: 'gauge',
    name: 'db_pool_limit',
    help: 'Maximum number of connections of a pool.',
    labelNames: ['pool'],
  },
  wait: {
    type: 'histogram',
    name: 'db_pool_wait_seconds',
    help: 'Time from asking a pool for a connection until the caller had it, or an error, in seconds.',
    labelNames: ['pool'],
    buckets: SECONDS,
  },
  connectFailures: {
    type: 'counter',
    name: 'db_pool_connect_failures_total',
    help: 'Callers that asked a pool for a connection and got an error, by SQLSTATE class; connection for errors without one.',
    labelNames: ['pool', 'sqlstate'],
  },
  queryDuration: {
    type: 'histogram',
    name: 'db_query_duration_seconds',
    help: 'Time from the call of a query until its result or error, in seconds, by operation and by the name that the caller gave.',
    labelNames: ['pool', 'operation', 'statement'],
    buckets: SECONDS,
  },
  queryFailures: {
    type: 'counter',
    name: 'db_query_failures_total',
    help: 'Queries that failed, by SQLSTATE class; connection if the connection was lost or never made, none if pg refused the query.',
    labelNames: ['pool', 'sqlstate'],
  },
  rows: {
    type: 'counter',
    name: 'db_rows_total',
    help: 'Rows that queries returned or changed, by operation.',
    labelNames: ['pool', 'operation'],
  },
  transactions: {
    type: 'counter',
    name: 'db_transactions_total',
    help: 'Transactions that ended, by outcome: commit, rollback, prepared, or error if COMMIT failed or the connection was lost.',
    labelNames: ['pool', 'outcome'],
  },
  transactionDuration: {
    type: 'histogram',
    name: 'db_transaction_duration_seconds',
    help: 'Time from the call of BEGIN until the transaction ended, in seconds.',
    labelNames: ['pool', 'outcome'],
    buckets: SECONDS,
  },
} as const;

/** How a transaction ended. */
export type TransactionOutcome = 'commit' | 'rollback' | 'prepared' | 'error';
