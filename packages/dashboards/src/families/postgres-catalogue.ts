/** The metrics of `@tsukimi/postgres` that have panels. A list of its own, because integrations are not imported; a test compares it with theirs. */

/** What is asked for in the row "PostgreSQL". */
export const POSTGRES_METRICS = {
  connections: { name: 'db_pool_connections' },
  waiting: { name: 'db_pool_waiting' },
  limit: { name: 'db_pool_limit' },
  wait: { name: 'db_pool_wait_seconds' },
  connectFailures: { name: 'db_pool_connect_failures_total' },
  queryDuration: { name: 'db_query_duration_seconds' },
  queryFailures: { name: 'db_query_failures_total' },
  rows: { name: 'db_rows_total' },
  transactions: { name: 'db_transactions_total' },
  transactionDuration: { name: 'db_transaction_duration_seconds' },
} as const;
