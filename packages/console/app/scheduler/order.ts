/** The order of tasks: what failed last comes first, then what runs next. */
import type { TaskRow } from '../../src/api-types.js';

export type TaskState = 'running' | 'failed' | 'succeeded' | 'not yet';

/** How the task stands now: `not yet` is without a run. */
export function stateOf({ isRunning, lastError, lastRun }: Pick<TaskRow, 'isRunning' | 'lastError' | 'lastRun'>): TaskState {
  if (isRunning) return 'running';
  if (lastError !== null) return 'failed';
  return lastRun === null ? 'not yet' : 'succeeded';
}

export function inOrder(tasks: readonly TaskRow[]): TaskRow[] {
  const rank = (task: TaskRow): number => (task.lastError === null ? 1 : 0);
  return tasks.toSorted(
    (one, other) =>
      rank(one) - rank(other) || (one.nextRun ?? Number.MAX_VALUE) - (other.nextRun ?? Number.MAX_VALUE) || (one.key < other.key ? -1 : 1),
  );
}
