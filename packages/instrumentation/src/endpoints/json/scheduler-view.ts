/** The `scheduler` part of the JSON view. */
import type { Scheduler, TaskState } from '@tsukimi/core';

export function schedulerView({ tasks }: Scheduler) {
  return {
    tasks: tasks.map(taskView),
    total_tasks: tasks.length,
    running_tasks: tasks.filter(({ running }) => running).length,
  };
}

function taskView({ name, trigger, running, executions, failures, lastRun, lastDurationMs, lastError, nextRun }: TaskState) {
  return {
    name,
    trigger,
    running,
    executions,
    failures,
    last_run: lastRun,
    last_duration_ms: lastDurationMs,
    last_error: lastError,
    next_run: nextRun,
  };
}
