/** The last runs of a task: as bars, and as a table. */
import type { TaskRow, TaskRun } from '../../src/api-types.js';
import { Badge } from '../parts/badge.js';
import { ago, count, dateAndTime, duration } from '../parts/format.js';

/** As many as the server knows at most. */
const MOST = 20;
const BAR = { width: 5, gap: 2, height: 24, least: 3 };

/** The oldest left; the height is the duration, red is a failure. */
export function RunBars({ runs }: { readonly runs: readonly TaskRun[] }) {
  const shown = runs.slice(0, MOST).reverse();
  const longest = Math.max(...shown.map(({ duration: seconds }) => seconds ?? 0), Number.MIN_VALUE);
  const width = MOST * (BAR.width + BAR.gap);
  return (
    <svg class="runs" viewBox={`0 0 ${width} ${BAR.height}`} width={width} height={BAR.height} role="img" aria-label={spoken(shown)}>
      {shown.map((run, index) => {
        const height = Math.max(BAR.least, ((run.duration ?? 0) / longest) * BAR.height);
        return (
          <rect
            key={run.at}
            class={run.failed > 0 ? 'run run-failed' : 'run'}
            x={(MOST - shown.length + index) * (BAR.width + BAR.gap)}
            y={BAR.height - height}
            width={BAR.width}
            height={height}
            rx="1"
          />
        );
      })}
    </svg>
  );
}

function spoken(runs: readonly TaskRun[]): string {
  if (runs.length === 0) return 'No run in the history';
  const failed = runs.reduce((sum, run) => sum + run.failed, 0);
  const succeeded = runs.reduce((sum, run) => sum + run.succeeded, 0);
  return `The last runs: ${succeeded} succeeded, ${failed} failed`;
}

export function RunTable({ task, now }: { readonly task: TaskRow; readonly now: number }) {
  if (task.runs.length === 0) return <p class="quiet">No run in the history of this page.</p>;
  return (
    <table class="table table-inner">
      <caption class="hidden">Last runs of {task.key}</caption>
      <thead>
        <tr>
          <th scope="col">Ended</th>
          <th scope="col">Outcome</th>
          <th scope="col" class="number">
            Duration
          </th>
        </tr>
      </thead>
      <tbody>
        {task.runs.map((run) => (
          <tr key={run.at}>
            <td title={dateAndTime(run.at)}>{ago(run.at, now)}</td>
            <td>
              <Outcome run={run} />
            </td>
            <td class="number">{duration(run.duration)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Several runs may have ended in one step of the history. */
function Outcome({ run: { succeeded, failed } }: { readonly run: TaskRun }) {
  if (failed === 0) return <Badge>{succeeded > 1 ? `${count(succeeded)} succeeded` : 'succeeded'}</Badge>;
  if (succeeded === 0) return <Badge tone="wrong">{failed > 1 ? `${count(failed)} failed` : 'failed'}</Badge>;
  return <Badge tone="wrong">{`${count(succeeded)} succeeded, ${count(failed)} failed`}</Badge>;
}
