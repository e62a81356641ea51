/** The application: its routes, its log of requests, and the database as it sees it. */
import { lines, number, perSecond, quantile, SELECTED } from './panels.js';
import { stackDashboard } from './stack-dashboard.js';

const REQUESTS = `http_requests_total{${SELECTED}}`;
const FAILED = `http_requests_total{${SELECTED}, status=~"5.."}`;
const DURATION = `http_request_duration_seconds{${SELECTED}}`;

const now = [
  number({
    title: 'Version',
    description: 'The versions that run. Two of them for longer than a release takes mean that it is stuck.',
    unit: 'short',
    queries: { '{{name}} {{version}}': `sum by (name, version) (app_info{${SELECTED}})` },
  }),
  number({
    title: 'Requests per second',
    description: 'Requests of all routes. /metrics and what is below it are not counted.',
    unit: 'reqps',
    queries: { requests: `sum(rate(${REQUESTS}[$__rate_interval]))` },
  }),
  number({
    title: 'Failed requests',
    description: 'Share of responses with 5xx. /red always fails, /simulation in 7 of 100 requests.',
    unit: 'percentunit',
    redFrom: 0.2,
    queries: { failed: `sum(rate(${FAILED}[$__rate_interval])) / sum(rate(${REQUESTS}[$__rate_interval]))` },
  }),
  number({
    title: 'p95',
    description: '95 % of the requests are faster. /simulation takes up to 0.8 s.',
    unit: 's',
    redFrom: 2,
    queries: { p95: quantile(0.95, DURATION) },
  }),
];

const routes = [
  lines({
    title: 'Requests by route',
    description: 'Requests per second. A line that falls to 0 is a client that stopped, or a route that moved.',
    unit: 'reqps',
    queries: { '{{path}}': perSecond(REQUESTS, 'path') },
  }),
  lines({
    title: 'Responses by status',
    description: 'Requests per second. 499 is a client that left before it had an answer.',
    unit: 'reqps',
    stacked: true,
    queries: { '{{status}}': perSecond(REQUESTS, 'status') },
  }),
  lines({
    title: 'Failures by route',
    description: 'Share of responses with 5xx. The alert RouteFails fires above one half.',
    unit: 'percentunit',
    queries: { '{{path}}': `${perSecond(FAILED, 'path')} / ${perSecond(REQUESTS, 'path')}` },
  }),
  lines({
    title: 'p95 by route',
    description: 'If one line rises, look at the methods and queries behind that route; if all rise, at the event loop below.',
    unit: 's',
    queries: { '{{path}}': quantile(0.95, DURATION, 'path') },
  }),
];

const database = [
  lines({
    title: 'p95 of queries',
    description: 'By the name that each query has in the code, in a comment.',
    unit: 's',
    queries: { '{{statement}}': quantile(0.95, `db_query_duration_seconds{${SELECTED}}`, 'statement') },
  }),
  lines({
    title: 'Connections of the pool',
    description: 'Used, idle, and the limit. At the limit, callers wait: see the next panel.',
    unit: 'short',
    queries: { '{{state}}': `sum by (state) (db_pool_connections{${SELECTED}})`, limit: `sum(db_pool_limit{${SELECTED}})` },
  }),
  lines({
    title: 'Waiting for a connection',
    description:
      'p95 of the time until a caller has a connection. If it rises while queries are fast, the pool is too small, or somebody keeps connections.',
    unit: 's',
    queries: { '{{pool}}': quantile(0.95, `db_pool_wait_seconds{${SELECTED}}`, 'pool') },
  }),
  lines({
    title: 'Log of requests',
    description: 'Rows per second by outcome. "failed" and "dropped" must be 0: otherwise the database is away or slow.',
    unit: 'short',
    queries: { '{{outcome}}': perSecond(`request_log_entries_total{${SELECTED}}`, 'outcome') },
  }),
];

const processPanels = [
  lines({
    title: 'CPU',
    description: 'Percent of one core. Near 100, everything waits.',
    unit: 'percent',
    width: 8,
    queries: { '{{instance}}': `system_cpu_percent{${SELECTED}}` },
  }),
  lines({
    title: 'Memory',
    description: 'Resident memory. If it rises for hours, compare two heap snapshots.',
    unit: 'bytes',
    width: 8,
    queries: { '{{instance}}': `system_memory_bytes{${SELECTED}, type="rss"}` },
  }),
  lines({
    title: 'Event-loop lag, p99',
    description: 'Above 0.1 s, every request waits for code that does not yield.',
    unit: 's',
    width: 8,
    queries: { '{{instance}}': `nodejs_eventloop_lag_p99_seconds{${SELECTED}}` },
  }),
];

export const applicationDashboard = stackDashboard({
  title: 'Application',
  uid: 'stack-application',
  instancesOf: 'app_info',
  rows: { Now: now, Routes: routes, 'Database, from the application': database, Process: processPanels },
});
