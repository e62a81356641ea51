/** Runs of the task `reconcile` in the job `shop`; counters are there at 0 from the start. */
import type { AlertCase, RecordingCase, SeriesValues } from '../support/promtool.js';

const runs = (status: string, values: string): SeriesValues => ({
  [`scheduler_task_executions_total{job="shop", instance="a", task="reconcile", status="${status}"}`]: values,
});

const running = (values: string): SeriesValues => ({ 'scheduler_tasks_running{job="shop", instance="a", task="reconcile"}': values });

const held = (a: string, b: string): SeriesValues => ({
  'scheduler_task_lease_held{job="shop", instance="a", task="reconcile"}': a,
  'scheduler_task_lease_held{job="shop", instance="b", task="reconcile"}': b,
});

const TASK = '{job="shop", task="reconcile"}';

export const recordings: readonly RecordingCase[] = [
  {
    record: 'job_task:scheduler_task_executions:increase1h',
    why: '3 + 1 a minute for 60 minutes',
    series: { ...runs('success', '0+3x90'), ...runs('failure', '0+1x90') },
    at: '90m',
    gives: { [TASK]: 240 },
  },
  {
    record: 'job_task:scheduler_task_executions:failure_ratio_increase1h',
    why: '60 of 240',
    series: { ...runs('success', '0+3x90'), ...runs('failure', '0+1x90') },
    at: '90m',
    gives: { [TASK]: 0.25 },
  },
  {
    record: 'job_task:scheduler_task_duration_seconds:mean_rate1h',
    why: '90 s a minute by 60 runs a minute',
    series: {
      'scheduler_task_duration_seconds_sum{job="shop", instance="a", task="reconcile"}': '0+90x90',
      'scheduler_task_duration_seconds_count{job="shop", instance="a", task="reconcile"}': '0+60x90',
    },
    at: '90m',
    gives: { [TASK]: 1.5 },
  },
];

export const alerts: readonly AlertCase[] = [
  {
    alert: 'ScheduledTaskFails',
    why: 'a daily task: its only run of the hour failed',
    series: { ...runs('success', '0x60'), ...runs('failure', '0x30 1x30') },
    at: '40m',
    fires: {
      labels: { severity: 'ticket', job: 'shop', task: 'reconcile' },
      summary: 'Task reconcile of shop fails',
      description:
        '100% of the runs of reconcile failed in the last hour (allowed: 10%). First read the error in the log. After fixing it, run the task by hand.',
    },
  },
  {
    alert: 'ScheduledTaskFails',
    why: '11 of 100 runs: just above 10 %',
    series: { ...runs('success', '0+89x90'), ...runs('failure', '0+11x90') },
    at: '90m',
    fires: true,
  },
  {
    alert: 'ScheduledTaskFails',
    why: '10 of 100 runs are allowed',
    series: { ...runs('success', '0+54x90'), ...runs('failure', '0+6x90') },
    at: '90m',
    fires: false,
  },
  {
    alert: 'ScheduledTaskFails',
    why: 'the failure was 61 minutes ago, and it has not run since',
    series: { ...runs('success', '0x120'), ...runs('failure', '0x30 1x90') },
    at: '92m',
    fires: false,
  },
  {
    alert: 'ScheduledTaskStopped',
    why: 'a run each minute for 24 h, none in the hour after that; held for 5 minutes at 25 h 5 min',
    series: runs('success', '0+1x1440 1440x70'),
    at: '1505m',
    fires: {
      labels: { severity: 'ticket', job: 'shop', task: 'reconcile' },
      summary: 'Task reconcile of shop has stopped running',
      description:
        'No run of reconcile ended in the last hour, but it ran at this time yesterday. First check whether a run hangs, and whether scheduler.enabled or the schedule was changed.',
    },
  },
  { alert: 'ScheduledTaskStopped', why: 'a minute earlier', series: runs('success', '0+1x1440 1440x70'), at: '1504m', fires: false },
  {
    alert: 'ScheduledTaskStopped',
    why: 'it fails, but it runs',
    series: { ...runs('success', '0+1x1440 1440x70'), ...runs('failure', '0+1x1511') },
    at: '1505m',
    fires: false,
  },
  {
    alert: 'ScheduledTaskStopped',
    why: 'at this hour yesterday it did not run either: runs from the 3rd to the 10th hour only',
    series: runs('success', '0x180 0+1x420 420x910'),
    at: '1505m',
    fires: false,
  },
  {
    alert: 'ScheduledTaskStopped',
    why: 'it ran until an hour ago, but yesterday at this time, at 126 min, it had not yet begun',
    series: runs('success', '0x200 0+1x1300 1300x120'),
    at: '1566m',
    fires: false,
  },
  {
    alert: 'ScheduledTaskHangs',
    why: 'one run for 60 minutes, none ended',
    series: { ...running('1x70'), ...runs('success', '7x70') },
    at: '60m',
    fires: {
      labels: { severity: 'ticket', job: 'shop', instance: 'a', task: 'reconcile' },
      summary: 'A run of task reconcile in a of shop does not end',
      description:
        'reconcile has been running for longer than 1h. Runs do not overlap, so no other run starts until it ends. First find out what it waits for, usually a call without a timeout. A restart ends the run.',
    },
  },
  { alert: 'ScheduledTaskHangs', why: '59 minutes', series: { ...running('1x70'), ...runs('success', '7x70') }, at: '59m', fires: false },
  {
    alert: 'ScheduledTaskHangs',
    why: 'always running at a scrape, but runs end',
    series: { ...running('1x70'), ...runs('success', '0+1x70') },
    at: '65m',
    fires: false,
  },
  {
    alert: 'ScheduledTaskWithoutInstance',
    why: 'nobody holds the lease from 20 min on',
    series: held('1x19 0x60', '0x80'),
    at: '26m',
    fires: {
      labels: { severity: 'ticket', job: 'shop', task: 'reconcile' },
      summary: 'No instance runs task reconcile of shop',
      description:
        "reconcile runs once in the fleet, and no instance has held its lease for 5 minutes, so it does not run. First read the log of any instance: one line says if the lease store can't be reached, and why.",
    },
  },
  { alert: 'ScheduledTaskWithoutInstance', why: 'for less than 5 minutes', series: held('1x19 0x60', '0x80'), at: '24m', fires: false },
  {
    alert: 'ScheduledTaskWithoutInstance',
    why: 'another instance has taken over',
    series: held('1x19 0x60', '0x21 1x60'),
    at: '40m',
    fires: false,
  },
];
