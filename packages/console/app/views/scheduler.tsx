/** Scheduled tasks: when they run next, and how their last runs went. It changes nothing. */

import { Fragment } from 'preact';
import type { TaskRow } from '../../src/api-types.js';
import { usePage, useParam } from '../context/page-context.js';
import { useLive } from '../data/use-live.js';
import { Badge, type Tone } from '../parts/badge.js';
import { ago, count, counted, dateAndTime, duration, NONE, span } from '../parts/format.js';
import { ScrollRegion } from '../parts/scroll-region.js';
import { matches, SearchBox } from '../parts/search-box.js';
import { Empty, Loading, Off } from '../parts/states.js';
import { inOrder, stateOf, type TaskState } from '../scheduler/order.js';
import { RunBars, RunTable } from '../scheduler/runs.js';

const TONES: Readonly<Record<TaskState, Tone>> = { running: 'good', failed: 'wrong', succeeded: 'plain', 'not yet': 'plain' };

export function SchedulerView() {
  const { meta } = usePage();
  const state = useLive('scheduler');
  const [filter] = useParam('filter');
  const [open, setOpen] = useParam('task');
  if (!meta.has.scheduler)
    return (
      <Off title="This application has no scheduled tasks.">
        Mark a method of a component with <code>@Scheduled</code> to have it run at intervals or by a cron expression.
      </Off>
    );
  if (state === undefined) return <Loading what="the scheduler" />;
  const tasks = inOrder(state.tasks.filter(({ key }) => matches(key, filter)));
  return (
    <>
      <div class="tools">
        <SearchBox label="Filter by task" />
        <p class="tools-count" role="status">
          {filter === '' ? counted(state.tasks.length, 'task') : `${tasks.length} of ${state.tasks.length} tasks`}
        </p>
      </div>
      {tasks.length === 0 ? (
        <Empty title="No task has this name.">Change the filter.</Empty>
      ) : (
        <ScrollRegion class="table-scroll" label="Tasks">
          <table class="table">
            <Head />
            <tbody>
              {tasks.map((task) => (
                <Fragment key={task.key}>
                  <Row
                    task={task}
                    now={state.now}
                    isOpen={open === task.key}
                    toggle={() => setOpen(open === task.key ? undefined : task.key)}
                  />
                  {open === task.key && (
                    <tr>
                      <td colSpan={8} class="table-more">
                        <RunTable task={task} now={state.now} />
                      </td>
                    </tr>
                  )}
                </Fragment>
              ))}
            </tbody>
          </table>
        </ScrollRegion>
      )}
    </>
  );
}

function Head() {
  return (
    <thead>
      <tr>
        <th scope="col">Task</th>
        <th scope="col">Next run</th>
        <th scope="col">Last run</th>
        {['Duration', 'p95', 'Runs', 'Failures'].map((title) => (
          <th key={title} scope="col" class="number">
            {title}
          </th>
        ))}
        <th scope="col">Recent runs</th>
      </tr>
    </thead>
  );
}

interface RowProps {
  readonly task: TaskRow;
  readonly now: number;
  readonly isOpen: boolean;
  toggle(): void;
}

function Row({ task, now, isOpen, toggle }: RowProps) {
  const { key, trigger, nextRun, lastRun, lastDuration, lastError, executions, failures, latency, runs } = task;
  const state = stateOf(task);
  return (
    <tr>
      <th scope="row" class="table-name">
        <button type="button" class="link-button" aria-expanded={isOpen} onClick={toggle}>
          {key}
        </button>
        <span class="task-trigger">{trigger}</span>
      </th>
      <td title={nextRun === null ? undefined : dateAndTime(nextRun)}>{nextRun === null ? NONE : until(nextRun, now)}</td>
      <td title={lastRun === null ? undefined : dateAndTime(lastRun)}>
        <Badge tone={TONES[state]}>{state}</Badge> {lastRun !== null && ago(lastRun, now)}
        {state === 'failed' && <span class="task-error">{lastError}</span>}
      </td>
      <td class="number">{duration(lastDuration)}</td>
      <td class="number">{duration(latency.p95)}</td>
      <td class="number">{count(executions)}</td>
      <td class={failures > 0 ? 'number wrong' : 'number'}>{count(failures)}</td>
      <td>
        <RunBars runs={runs} />
      </td>
    </tr>
  );
}

function until(at: number, now: number): string {
  return at <= now ? 'now' : `in ${span(Math.ceil(at - now))}`;
}
