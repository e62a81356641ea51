/** Rules about scheduled tasks: failed runs, tasks that have stopped running, runs that do not end. */
import { CATALOGUE } from '@tsukimi/instrumentation';
import { equal, increase, select, shareOf, sumBy } from '../../queries/promql.js';
import { recordedName } from '../recorded-name.js';
import type { AlertRule, RecordingRule, RuleArea } from '../rule.js';
import { duration, percent } from '../wording.js';
import type { AreaContext } from './area-context.js';

const { taskExecutions, taskDuration, tasksRunning, taskLeaseHeld } = CATALOGUE;

// If every instance runs a task, a failure in one instance is a failure of the task. The log shows which instance it was.
const TASK = ['job', 'task'];

const runs = recordedName({ level: TASK, metric: taskExecutions, operation: 'increase1h' });
const failures = recordedName({ level: TASK, metric: taskExecutions, operation: 'failure_ratio_increase1h' });

/** The rules on scheduled tasks. */
export function schedulerRules(context: AreaContext): RuleArea {
  return {
    name: 'scheduler',
    recordings: recordings(context),
    alerts: [failing(context), stopped(context), hanging(context), withoutInstance(context)],
  };
}

function recordings({ scope, histograms }: AreaContext): RecordingRule[] {
  const failed = select(taskExecutions, ...scope, equal('status', 'failure'));
  return [
    { record: runs, expr: sumBy(TASK, increase(select(taskExecutions, ...scope), '1h')), reads: [taskExecutions] },
    { record: failures, expr: shareOf({ part: sumBy(TASK, increase(failed, '1h')), whole: runs }), reads: [taskExecutions] },
    {
      record: recordedName({ level: TASK, metric: taskDuration, operation: 'mean_rate1h' }),
      expr: histograms.meanOf({ metric: taskDuration, matchers: scope, by: TASK, window: '1h' }),
      reads: [taskDuration],
    },
  ];
}

function failing({ thresholds }: AreaContext): AlertRule {
  return {
    alert: 'ScheduledTaskFails',
    expr: `${failures} > ${thresholds.taskFailureRatio}`,
    holdsForSeconds: 60,
    severity: 'ticket',
    summary: 'Task {{ $labels.task }} of {{ $labels.job }} fails',
    description: `{{ $value | humanizePercentage }} of the runs of {{ $labels.task }} failed in the last hour (allowed: ${percent(thresholds.taskFailureRatio)}). First read the error in the log. After fixing it, run the task by hand.`,
    reads: [taskExecutions],
  };
}

function stopped({ thresholds }: AreaContext): AlertRule {
  return {
    alert: 'ScheduledTaskStopped',
    expr: `${runs} == 0\nand\n${runs} offset 1d >= ${thresholds.taskRunsPerHour}`,
    holdsForSeconds: 300,
    severity: 'ticket',
    summary: 'Task {{ $labels.task }} of {{ $labels.job }} has stopped running',
    description:
      'No run of {{ $labels.task }} ended in the last hour, but it ran at this time yesterday. First check whether a run hangs, and whether scheduler.enabled or the schedule was changed.',
    reads: [taskExecutions],
  };
}

function hanging({ scope, thresholds }: AreaContext): AlertRule {
  const labels = ['job', 'instance', 'task'];
  // In the first minutes of a process there may be only one sample, which has no increase. Then "unless" is true, but "== 0" would not be.
  const ended = `${sumBy(labels, increase(select(taskExecutions, ...scope), '5m'))} > 0`;
  return {
    alert: 'ScheduledTaskHangs',
    expr: `${sumBy(labels, select(tasksRunning, ...scope))} > 0\nunless\n${ended}`,
    holdsForSeconds: thresholds.taskRunSeconds,
    severity: 'ticket',
    summary: 'A run of task {{ $labels.task }} in {{ $labels.instance }} of {{ $labels.job }} does not end',
    description: `{{ $labels.task }} has been running for longer than ${duration(thresholds.taskRunSeconds)}. Runs do not overlap, so no other run starts until it ends. First find out what it waits for, usually a call without a timeout. A restart ends the run.`,
    reads: [tasksRunning, taskExecutions],
  };
}

function withoutInstance({ scope }: AreaContext): AlertRule {
  return {
    alert: 'ScheduledTaskWithoutInstance',
    expr: `${sumBy(TASK, select(taskLeaseHeld, ...scope))} == 0`,
    holdsForSeconds: 300,
    severity: 'ticket',
    summary: 'No instance runs task {{ $labels.task }} of {{ $labels.job }}',
    description:
      "{{ $labels.task }} runs once in the fleet, and no instance has held its lease for 5 minutes, so it does not run. First read the log of any instance: one line says if the lease store can't be reached, and why.",
    reads: [taskLeaseHeld],
  };
}
