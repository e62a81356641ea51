/** The row of health checks: which are up, and how long they take. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import type { Thresholds } from '../panels/panel.js';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import type { HistogramQueries } from '../queries/histograms.js';
import { minBy, select } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';
import type { DashboardRow } from './row.js';

const { healthCheckUp, healthCheckDuration } = CATALOGUE;

const BY = ['instance', 'check'];
const up = select(healthCheckUp, ...INSTANCES);

/** Kubernetes waits one second for a probe by default. */
const CHECK_SECONDS: Thresholds = { warning: 0.5, critical: 1 };

export function healthRow(histograms: HistogramQueries): DashboardRow {
  return { title: 'Health', panels: [checks(histograms), state(), duration(histograms)] };
}

function checks(histograms: HistogramQueries) {
  return table({
    title: 'Health checks in this time range',
    description:
      'Every health check of each instance. "Up" is 1 if the last run succeeded. If it is 0, the log has one line with the cause, and /health/ready has it as a message. If a check is down in all instances, look at what it asks; if it is down in one, look at that instance.',
    unit: 'short',
    width: 24,
    height: 6,
    labels: { instance: 'Instance', check: 'Check' },
    columns: [
      { title: 'Up', expr: minBy(BY, up), decimals: 0, thresholds: { warning: 0.9, critical: 0.5, lowIsWrong: true } },
      {
        title: 'Time up',
        expr: minBy(BY, `avg_over_time(${up}[$__range])`),
        unit: 'percentunit',
        decimals: 2,
        thresholds: { warning: 0.999, critical: 0.99, lowIsWrong: true },
      },
      {
        title: 'Mean',
        expr: histograms.meanOf({ metric: healthCheckDuration, matchers: INSTANCES, by: BY, window: '$__range' }),
        unit: 's',
      },
    ],
    sortBy: 'Mean',
  });
}

function state() {
  return timeSeries({
    title: 'Up',
    description:
      'Each check over time: 1 is up, 0 is down. If a line goes up and down, the check is at its time limit, or the system behind it is overloaded. While a readiness check is down, the instance gets no requests.',
    unit: 'none',
    width: 12,
    max: 1,
    queries: [{ expr: minBy(BY, up), legend: '{{instance}} {{check}}' }],
  });
}

function duration(histograms: HistogramQueries) {
  return timeSeries({
    title: 'Duration of checks',
    description:
      'Mean duration of the runs. A check that takes as long as its time limit is down. If a line rises, the system that the check asks is getting slower: users notice it too. Kubernetes waits one second for a probe unless you set timeoutSeconds.',
    unit: 's',
    width: 12,
    thresholds: CHECK_SECONDS,
    queries: [
      {
        expr: histograms.meanOf({ metric: healthCheckDuration, matchers: INSTANCES, by: BY, window: '$__rate_interval' }),
        legend: '{{instance}} {{check}}',
      },
    ],
  });
}
