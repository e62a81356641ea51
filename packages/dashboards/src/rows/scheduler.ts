/** The row of scheduled tasks: runs, durations and outcomes. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import type { HistogramQueries } from '../queries/histograms.js';
import { equal, increase, orZero, select, sumBy, type Window } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';
import { TASK_SECONDS } from './panel-thresholds.js';
import type { DashboardRow } from './row.js';

const { taskExecutions, taskDuration, tasksRunning, taskLeaseHeld, taskLeaseAge, tasksSkipped } = CATALOGUE;

const BY = ['task'];
const runs = select(taskExecutions, ...INSTANCES);
const failures = select(taskExecutions, ...INSTANCES, equal('status', 'failure'));
const failuresIn = (window: Window) => orZero({ part: sumBy(BY, increase(failures, window)), whole: sumBy(BY, increase(runs, window)) });
const durationOf = (window: Window) => ({ metric: taskDuration, matchers: INSTANCES, by: BY, window });

/** @param hasLeases whether the application has tasks that run once in a fleet */
export function schedulerRow(histograms: HistogramQueries, hasLeases: boolean): DashboardRow {
  const panels = [tasks(histograms), executions(), failed(), duration(histograms), running()];
  return { title: 'Scheduler', panels: hasLeases ? [...panels, leases()] : panels };
}

function leases() {
  const by = ['instance', 'task'];
  return table({
    title: 'Tasks once in the fleet',
    description:
      'Who runs the tasks with once: \'fleet\'. "Holds the lease" should be 1 in one instance for each task. If it is 0 in all of them, the task does not run: read the log for the lease store. If the lease is young in spite of no deployment, instances lose it: they are suspended, or too slow to renew it.',
    unit: 'short',
    width: 24,
    height: 6,
    labels: { task: 'Task', instance: 'Instance' },
    columns: [
      { title: 'Holds the lease', expr: sumBy(by, select(taskLeaseHeld, ...INSTANCES)), decimals: 0 },
      { title: 'For', expr: sumBy(by, select(taskLeaseAge, ...INSTANCES)), unit: 's', decimals: 0 },
      { title: 'Skipped', expr: sumBy(by, increase(select(tasksSkipped, ...INSTANCES), '$__range')), decimals: 0 },
    ],
    sortBy: 'Holds the lease',
  });
}

function tasks(histograms: HistogramQueries) {
  return table({
    title: 'Tasks in this time range',
    description:
      "Every task that has run. Counts are Prometheus's estimates from the scrapes. Compare the runs with the schedule: if there are fewer, the process was down, or a run took longer than the interval. A task that always fails has a bug; a task that fails sometimes depends on something that is not always available.",
    unit: 'short',
    width: 24,
    height: 6,
    labels: { task: 'Task' },
    columns: [
      { title: 'Runs', expr: sumBy(BY, increase(runs, '$__range')), decimals: 0 },
      { title: 'Failures', expr: failuresIn('$__range'), decimals: 0, thresholds: { warning: 0.5, critical: 3 } },
      { title: 'Mean', expr: histograms.meanOf(durationOf('$__range')), unit: 's' },
      { title: 'p95', expr: histograms.quantileOf(0.95, durationOf('$__range')), unit: 's' },
    ],
    sortBy: 'Failures',
  });
}

function executions() {
  return timeSeries({
    title: 'Executions',
    description:
      'Runs of each task that ended, by outcome; each run is a block. The blocks should follow the schedule. If one is missing, check whether the process was up at that time, and in "Running" whether a run hangs.',
    unit: 'short',
    width: 6,
    bars: true,
    colors: { '/ failure$/': 'red' },
    queries: [{ expr: sumBy([...BY, 'status'], increase(runs)), legend: '{{task}} {{status}}' }],
  });
}

function failed() {
  return timeSeries({
    title: 'Failures',
    description:
      'Runs of each task that threw or rejected; the normal value is 0. The log has the error with the name of the task. If a run failed, check whether the next run makes up for it, or whether you have to repeat it.',
    unit: 'short',
    width: 6,
    bars: true,
    thresholds: { warning: 0.5, critical: 3 },
    queries: [{ expr: failuresIn('$__rate_interval'), legend: '{{task}}' }],
  });
}

function duration(histograms: HistogramQueries) {
  return timeSeries({
    title: 'Duration',
    description:
      'Mean duration of the runs that ended. If it grows from week to week, the task processes growing data: add an index, or process the data in parts. If it gets close to the interval between runs, runs will be skipped. Gaps are times in which no run ended.',
    unit: 's',
    width: 6,
    thresholds: TASK_SECONDS,
    queries: [{ expr: histograms.meanOf(durationOf('$__rate_interval')), legend: '{{task}}' }],
  });
}

function running() {
  return timeSeries({
    title: 'Running',
    description:
      'Runs in progress. If a line stays at 1 for longer than the task usually takes, the run hangs: find out what it waits for before you restart the process, because a restart loses the run. Runs of a task in one process never overlap. A value above 1 means that several instances run the task at the same time: check whether they should.',
    unit: 'none',
    width: 6,
    thresholds: { warning: 2, critical: 5 },
    queries: [{ expr: sumBy(BY, select(tasksRunning, ...INSTANCES)), legend: '{{task}}' }],
  });
}
