/** The scheduler: tasks, their next run, and the last runs that the history knows. */
import { CATALOGUE, type ShownTask } from '@tsukimi/instrumentation';
import type { SchedulerState, TaskRow, TaskRun } from '../api-types.js';
import { countsIn, distributionIn, rangeOf, type Step, stepsOf } from '../history/queries.js';
import { type Asked, latencyOf, rounded, seriesOf, short, spanOf, type Viewed, wholeRange } from './view.js';

const MOST_RUNS = 20;

export function scheduler(viewed: Viewed, asked: Asked): SchedulerState {
  const { history, sources } = viewed;
  const range = wholeRange(viewed, asked);
  // As exact as there is.
  const fine = rangeOf(history, { from: history.oldest, to: history.newest, longest: 0 });
  const steps = stepsOf(fine, 0.001);
  return {
    now: rounded(history.newest, 3),
    span: spanOf(range),
    tasks: (sources.tasks?.() ?? []).map((task) => ({
      ...row(task),
      latency: latencyOf(distributionIn(range, seriesOf(viewed, CATALOGUE.taskDuration.name, { task: task.name }))),
      runs: runsOf(viewed, steps, task.name),
    })),
  };
}

function row({
  name,
  trigger,
  running,
  executions,
  failures,
  nextRun,
  lastRun,
  lastDurationMs,
  lastErrorType,
}: ShownTask): Omit<TaskRow, 'latency' | 'runs'> {
  return {
    key: name,
    trigger,
    isRunning: running,
    executions,
    failures,
    nextRun: seconds(nextRun),
    lastRun: seconds(lastRun),
    lastDuration: lastDurationMs === null ? null : lastDurationMs / 1000,
    lastError: lastErrorType,
  };
}

function runsOf(viewed: Viewed, steps: readonly Step[], task: string): TaskRun[] {
  const outcome = (status: string) => seriesOf(viewed, CATALOGUE.taskExecutions.name, { task, status });
  const [succeeded, failed] = [outcome('success'), outcome('failure')];
  const durations = seriesOf(viewed, CATALOGUE.taskDuration.name, { task });
  const runs: TaskRun[] = [];
  for (const step of steps.toReversed()) {
    const one = { ...step, seconds: 1 };
    const counts = countsIn(one, durations);
    if (counts.count === 0) continue;
    runs.push({ at: rounded(step.at, 1), duration: short(counts.average), succeeded: sum(one, succeeded), failed: sum(one, failed) });
    if (runs.length === MOST_RUNS) break;
  }
  return runs;
}

function sum(step: Step, series: ReturnType<typeof seriesOf>): number {
  return step.frames.reduce((total, { scalarIds, scalars }) => {
    for (const { id } of series) {
      const position = scalarIds.indexOf(id);
      if (position >= 0) return total + (scalars[position] as number);
    }
    return total;
  }, 0);
}

function seconds(time: string | null): number | null {
  return time === null ? null : Date.parse(time) / 1000;
}
