/** The `scheduler` part of the JSON view. */
import { type Scheduler, type TaskState, withoutCredentials } from '@tsukimi/core';

const LONGEST_MESSAGE = 500;

/** @param showMessages whether to show the messages of errors besides their classes */
export function schedulerView({ tasks }: Scheduler, showMessages: boolean) {
  return {
    tasks: tasks.map((task) => taskView(task, showMessages)),
    total_tasks: tasks.length,
    running_tasks: tasks.filter(({ running }) => running).length,
  };
}

function taskView(task: TaskState, showMessages: boolean) {
  const { name, trigger, running, executions, failures, lastRun, lastDurationMs, nextRun } = task;
  return {
    name,
    trigger,
    running,
    executions,
    failures,
    last_run: lastRun,
    last_duration_ms: lastDurationMs,
    last_error: lastError(task, showMessages),
    next_run: nextRun,
  };
}

// The endpoint may be public, and messages of errors may contain addresses, users and passwords.
function lastError({ lastError: message, lastErrorType: type }: TaskState, showMessages: boolean): string | null {
  return type !== null && showMessages ? `${type}: ${short(withoutCredentials(message ?? ''))}` : type;
}

function short(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}...` : text;
}
