/** The scheduled tasks: whether they run, how long, how they end. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { table } from '../panels/table.js';
import { timeSeries } from '../panels/time-series.js';
import { equal, increase, meanOf, orZero, quantileOf, select, sumBy, type Window } from '../queries/promql.js';
import { INSTANCES } from '../queries/scopes.js';
import type { DashboardRow } from './row.js';
import { TASK_SECONDS } from './thresholds.js';

const { taskExecutions, taskDuration, tasksRunning } = CATALOGUE;

const BY = ['task'];
const runs = select(taskExecutions, ...INSTANCES);
const failures = select(taskExecutions, ...INSTANCES, equal('status', 'failure'));
const failuresIn = (window: Window) => orZero({ part: sumBy(BY, increase(failures, window)), whole: sumBy(BY, increase(runs, window)) });
const durationOf = (window: Window) => ({ metric: taskDuration, matchers: INSTANCES, by: BY, window });

export function schedulerRow(): DashboardRow {
  return { title: 'Scheduler', panels: [tasks(), executions(), failed(), duration(), running()] };
}

function tasks() {
  return table({
    title: 'Tasks in this time range',
    description:
      "Every task that has run; counts are Prometheus's estimates from the scrapes. Compare the runs with the schedule: fewer means that the process was down, or that a run took longer than the pause to the next. A task that fails every time is a mistake in it; one that fails now and then depends on something that is not always there.",
    unit: 'short',
    width: 24,
    height: 6,
    labels: { task: 'Task' },
    columns: [
      { title: 'Runs', expr: sumBy(BY, increase(runs, '$__range')), decimals: 0 },
      { title: 'Failures', expr: failuresIn('$__range'), decimals: 0, thresholds: { warning: 0.5, critical: 3 } },
      { title: 'Mean', expr: meanOf(durationOf('$__range')), unit: 's' },
      { title: 'p95', expr: quantileOf(0.95, durationOf('$__range')), unit: 's' },
    ],
    sortBy: 'Failures',
  });
}

function executions() {
  return timeSeries({
    title: 'Executions',
    description:
      'Runs of each task that ended in the last few scrapes, by outcome: each run is a block. Blocks should come in the rhythm of the schedule; where one is missing, see whether the process was up then, and under "Running" whether a run hangs.',
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
      'Runs of each task that threw or rejected; 0 is as it should be. The log has the error with the name of the task. What a failed run left undone is done by the next one only if the task is written that way: see what has to be made up for.',
    unit: 'short',
    width: 6,
    bars: true,
    thresholds: { warning: 0.5, critical: 3 },
    queries: [{ expr: failuresIn('$__rate_interval'), legend: '{{task}}' }],
  });
}

function duration() {
  return timeSeries({
    title: 'Duration',
    description:
      'Mean time of the runs that ended. If it grows from week to week, the task works through data that grows: it needs an index or parts. When it comes near the pause between two runs, runs will be missed. Gaps are times in which no run ended.',
    unit: 's',
    width: 6,
    thresholds: TASK_SECONDS,
    queries: [{ expr: meanOf(durationOf('$__rate_interval')), legend: '{{task}}' }],
  });
}

function running() {
  return timeSeries({
    title: 'Running',
    description:
      'Runs that have begun and not yet ended. A line that stays at 1 for longer than the task ever took is a run that hangs: find what it waits for before you restart the process, since the run is lost then. Runs of a task in one process never overlap: more than 1 is so many instances that run it at the same time; see whether it may.',
    unit: 'none',
    width: 6,
    thresholds: { warning: 2, critical: 5 },
    queries: [{ expr: sumBy(BY, select(tasksRunning, ...INSTANCES)), legend: '{{task}}' }],
  });
}
