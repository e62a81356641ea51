/** The row of the workers of `server.workers`: which serve requests, and which is slow. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import { increase, maxBy, minBy, rate, select, sumBy } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';
import type { DashboardRow } from './row.js';

const { workerUp, workerRequests, workerEventLoopLag, workerSnapshotAge, workerRestarts } = CATALOGUE;

const BY = ['instance', 'worker'];
const LEGEND = '{{instance}} worker {{worker}}';

export function workersRow(): DashboardRow {
  return { title: 'Workers', panels: [workers(), requests(), lag(), restarts()] };
}

function workers() {
  return table({
    title: 'Workers in this time range',
    description:
      'Every worker of each instance. "Up" is 1 if it serves requests. "Snapshot age" is the time since the primary heard of its metrics: if it is more than a few seconds, the event loop of the worker is blocked. All workers should have about the same number of requests.',
    unit: 'short',
    width: 24,
    height: 6,
    labels: { instance: 'Instance', worker: 'Worker' },
    columns: [
      {
        title: 'Up',
        expr: minBy(BY, select(workerUp, ...INSTANCES)),
        decimals: 0,
        thresholds: { warning: 0.9, critical: 0.5, lowIsWrong: true },
      },
      { title: 'Requests', expr: sumBy(BY, increase(select(workerRequests, ...INSTANCES), '$__range')), decimals: 0 },
      {
        title: 'Snapshot age',
        expr: maxBy(BY, select(workerSnapshotAge, ...INSTANCES)),
        unit: 's',
        thresholds: { warning: 2, critical: 10 },
      },
    ],
    sortBy: 'Requests',
  });
}

function requests() {
  return timeSeries({
    title: 'Requests per second by worker',
    description:
      'The primary hands connections to the workers in turns, so the lines should lie close together. If a worker has few, it is slow to take connections, or serves long-lived ones: compare its event-loop lag.',
    unit: 'reqps',
    width: 8,
    queries: [{ expr: sumBy(BY, rate(select(workerRequests, ...INSTANCES))), legend: LEGEND }],
  });
}

function lag() {
  return timeSeries({
    title: 'Event-loop lag by worker',
    description:
      'How late the event loop of each worker is (99th percentile). If one worker is late and the others are not, look at the requests that it serves: one of them computes for too long.',
    unit: 's',
    width: 8,
    thresholds: { warning: 0.1, critical: 0.5 },
    queries: [{ expr: maxBy(['instance', 'worker'], select(workerEventLoopLag, ...INSTANCES)), legend: LEGEND }],
  });
}

function restarts() {
  return timeSeries({
    title: 'Restarted workers',
    description:
      'Workers that ended by themselves and were replaced, in each step. Rolling restarts do not count. If there are some, read the log of the primary, which has the cause of each.',
    unit: 'short',
    width: 8,
    queries: [{ expr: sumBy(['instance'], increase(select(workerRestarts, ...INSTANCES), '$__rate_interval')), legend: '{{instance}}' }],
  });
}
