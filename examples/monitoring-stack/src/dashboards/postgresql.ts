/** PostgreSQL, as its exporter sees it. */
import { lines, number, perSecond, SELECTED } from './panels.js';
import { stackDashboard } from './stack-dashboard.js';

// The templates of new databases are never used.
const DATABASES = `${SELECTED}, datname!~"template.*"`;

const now = [
  number({
    title: 'Up',
    description: '1 if the exporter reaches PostgreSQL. If it is 0: is the password that of the server?',
    unit: 'short',
    redBelow: 1,
    queries: { '{{instance}}': `pg_up{${SELECTED}}` },
  }),
  number({
    title: 'Connections used',
    description: 'Share of max_connections. At 1, clients are refused.',
    unit: 'percentunit',
    redFrom: 0.8,
    queries: { used: `sum(pg_stat_activity_count{${SELECTED}}) / sum(pg_settings_max_connections{${SELECTED}})` },
  }),
  number({
    title: 'Size of all databases',
    description: 'On disk, with indexes.',
    unit: 'bytes',
    queries: { size: `sum(pg_database_size_bytes{${DATABASES}})` },
  }),
  number({
    title: 'Transactions per second',
    description: 'Committed and rolled back. A single statement is a transaction too.',
    unit: 'short',
    queries: {
      transactions: `sum(rate(pg_stat_database_xact_commit{${DATABASES}}[$__rate_interval])) + sum(rate(pg_stat_database_xact_rollback{${DATABASES}}[$__rate_interval]))`,
    },
  }),
];

const connections = [
  lines({
    title: 'Connections by state',
    description: '"idle in transaction" for long is an application that keeps locks while it does something else.',
    unit: 'short',
    stacked: true,
    queries: { '{{state}}': `sum by (state) (pg_stat_activity_count{${DATABASES}})` },
  }),
  lines({
    title: 'Connections by database',
    description: 'Backends that are connected, with the limit of all.',
    unit: 'short',
    queries: {
      '{{datname}}': `sum by (datname) (pg_stat_database_numbackends{${DATABASES}, datname!=""})`,
      limit: `sum(pg_settings_max_connections{${SELECTED}})`,
    },
  }),
  lines({
    title: 'Longest transaction',
    description: 'Seconds since the oldest transaction began, by state. Old transactions keep VACUUM from its work.',
    unit: 's',
    queries: { '{{state}}': `max by (state) (pg_stat_activity_max_tx_duration{${DATABASES}})` },
  }),
  lines({
    title: 'Locks by mode',
    description: 'If exclusive modes stay, look for who waits in pg_locks.',
    unit: 'short',
    queries: { '{{mode}}': `sum by (mode) (pg_locks_count{${DATABASES}})` },
  }),
];

const work = [
  lines({
    title: 'Transaction rate',
    description: 'Transactions per second by outcome. Rollbacks that rise are errors in an application, or conflicts.',
    unit: 'short',
    queries: {
      'commit {{datname}}': perSecond(`pg_stat_database_xact_commit{${DATABASES}, datname!=""}`, 'datname'),
      'rollback {{datname}}': perSecond(`pg_stat_database_xact_rollback{${DATABASES}, datname!=""}`, 'datname'),
    },
  }),
  lines({
    title: 'Rows',
    description: 'Rows per second that statements fetched and changed.',
    unit: 'short',
    queries: Object.fromEntries(
      ['fetched', 'inserted', 'updated', 'deleted'].map((what) => [
        what,
        `sum(rate(pg_stat_database_tup_${what}{${DATABASES}}[$__rate_interval]))`,
      ]),
    ),
  }),
  lines({
    title: 'Database size',
    description: 'On disk, with indexes. This example deletes rows after a day, so it levels off.',
    unit: 'bytes',
    queries: { '{{datname}}': `sum by (datname) (pg_database_size_bytes{${DATABASES}})` },
  }),
  lines({
    title: 'Reads from memory',
    description: 'Share of blocks that were in shared buffers. Below 0.95 for long: more memory, or an index that is missing.',
    unit: 'percentunit',
    queries: {
      '{{datname}}': `sum by (datname) (pg_stat_database_blks_hit{${DATABASES}, datname!=""}) / (sum by (datname) (pg_stat_database_blks_hit{${DATABASES}, datname!=""}) + sum by (datname) (pg_stat_database_blks_read{${DATABASES}, datname!=""}))`,
    },
  }),
  lines({
    title: 'Deadlocks and conflicts',
    description: 'Per second. PostgreSQL ends one of two transactions that wait for each other: 40P01 in the application.',
    unit: 'short',
    queries: {
      deadlocks: `sum(rate(pg_stat_database_deadlocks{${DATABASES}}[$__rate_interval]))`,
      conflicts: `sum(rate(pg_stat_database_conflicts{${DATABASES}}[$__rate_interval]))`,
    },
  }),
];

export const postgresqlDashboard = stackDashboard({
  title: 'PostgreSQL',
  uid: 'stack-postgresql',
  instancesOf: 'pg_up',
  rows: { Now: now, Connections: connections, Work: work },
});
