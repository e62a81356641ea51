/** Metrics of PostgreSQL as the application sees it: pools, queries, rows and transactions of pg. */

export { POSTGRES_CATALOGUE, type TransactionOutcome } from './catalogue.js';
export { type NamespaceReader, PostgresSchema } from './configuration.js';
export { PostgresError } from './errors.js';
export { type InstrumentablePool, type InstrumentPoolOptions, instrumentPool } from './instrument-pool.js';
export { type LeaseToken, requireToken } from './leases/fence.js';
export { type PostgresLeasesOptions, postgresLeases, type QueryRunner } from './leases/postgres-leases.js';
export { type PoolLogger, PostgresPool, type PostgresPoolOptions, postgresPool } from './postgres-pool.js';
export type { StatementQuery } from './statement-query.js';
