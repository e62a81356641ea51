/** Every run of a scheduled task is counted once, timed, and seen while it runs. */
import { Scheduled, Service } from '@tsukimi/core';
import { instrumentationExtension } from '@tsukimi/instrumentation';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { jsonView, linesOf } from '../support/scrape.js';
import { bareApplication, instrumentedApplication, listen, start } from '../support/start.js';

interface Gate {
  open(): void;
  readonly opened: Promise<void>;
}

function gate(): Gate {
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

@Service()
class Tasks {
  door = gate();
  @Scheduled({ cron: '0 0 1 1 *' })
  good() {}
  @Scheduled({ cron: '0 0 1 1 *', name: 'bad-task' })
  bad() {
    throw new Error('bad');
  }
  @Scheduled({ cron: '0 0 1 1 *' })
  async slow() {
    await this.door.opened;
  }
  @Scheduled({ cron: '0 0 1 1 *' })
  async rejecting() {
    await null;
    throw undefined;
  }
}

afterEach(() => {
  vi.useRealTimers();
});

const executions = 'scheduler_task_executions_total';

const happened = (lines: readonly string[]): string[] => lines.filter((line) => !line.endsWith(' 0'));

test('every task has its series from the start, at 0', async () => {
  const { app } = await start(instrumentedApplication([Tasks]));
  const tasks = ['Tasks.good', 'bad-task', 'Tasks.slow', 'Tasks.rejecting'];
  expect(await linesOf(app, executions)).toEqual(
    tasks.flatMap((task) => ['success', 'failure'].map((status) => `${executions}{task="${task}",status="${status}"} 0`)),
  );
  for (const metric of ['scheduler_task_duration_seconds_count', 'scheduler_tasks_running']) {
    expect(await linesOf(app, metric)).toEqual(tasks.map((task) => `${metric}{task="${task}"} 0`));
  }
});

describe('runs', () => {
  test('are counted by task and outcome', async () => {
    const { app } = await start(instrumentedApplication([Tasks]));
    for (let run = 0; run < 3; run += 1) await app.scheduler.run('Tasks.good');
    for (let run = 0; run < 2; run += 1) await expect(app.scheduler.run('bad-task')).rejects.toThrow('bad');
    await expect(app.scheduler.run('Tasks.rejecting')).rejects.toBeUndefined();
    expect(happened(await linesOf(app, executions))).toEqual([
      `${executions}{task="Tasks.good",status="success"} 3`,
      `${executions}{task="bad-task",status="failure"} 2`,
      `${executions}{task="Tasks.rejecting",status="failure"} 1`,
    ]);
    expect(happened(await linesOf(app, 'scheduler_task_duration_seconds_count'))).toEqual([
      'scheduler_task_duration_seconds_count{task="Tasks.good"} 3',
      'scheduler_task_duration_seconds_count{task="bad-task"} 2',
      'scheduler_task_duration_seconds_count{task="Tasks.rejecting"} 1',
    ]);
  });

  test('are seen while they run, and timed to their end', async () => {
    const { app } = await start(instrumentedApplication([Tasks]));
    const tasks = app.resolve(Tasks);
    const began = performance.now();
    const run = app.scheduler.run('Tasks.slow');
    const joined = app.scheduler.run('Tasks.slow');
    expect(happened(await linesOf(app, 'scheduler_tasks_running'))).toEqual(['scheduler_tasks_running{task="Tasks.slow"} 1']);
    expect((await jsonView(app)).scheduler).toMatchObject({ running_tasks: 1, total_tasks: 4 });
    expect(happened(await linesOf(app, executions))).toEqual([]);
    tasks.door.open();
    await Promise.all([run, joined]);
    const tookSeconds = (performance.now() - began) / 1000;
    expect(happened(await linesOf(app, 'scheduler_tasks_running'))).toEqual([]);
    expect(happened(await linesOf(app, executions))).toEqual([`${executions}{task="Tasks.slow",status="success"} 1`]);
    const sum = Number(happened(await linesOf(app, 'scheduler_task_duration_seconds_sum'))[0]?.split(' ')[1]);
    expect(sum).toBeGreaterThan(0);
    expect(sum).toBeLessThanOrEqual(tookSeconds);
  });

  test('by the clock are counted as those by hand', async () => {
    @Service()
    class Clockwork {
      runs = 0;
      ran = gate();
      @Scheduled({ fixedRate: 1000, initialDelay: 1000 })
      tick() {
        this.runs += 1;
        if (this.runs === 3) this.ran.open();
      }
    }
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const { app } = await listen(instrumentedApplication([Clockwork]));
    for (let tick = 0; tick < 3; tick += 1) await vi.advanceTimersByTimeAsync(1000);
    await app.resolve(Clockwork).ran.opened;
    await app.scheduler.run('Clockwork.tick');
    vi.useRealTimers();
    expect(happened(await linesOf(app, executions))).toEqual([`${executions}{task="Clockwork.tick",status="success"} 4`]);
  });

  test('count as calls of their component too', async () => {
    const { app } = await start(instrumentedApplication([Tasks]));
    await app.scheduler.run('Tasks.good');
    expect(await linesOf(app, 'component_calls_total')).toContain(
      'component_calls_total{component="Tasks",method="good",status="success"} 1',
    );
  });
});

test('without @Instrumented on the application, tasks run and are not counted', async () => {
  const { app } = await start(bareApplication([Tasks], { extensions: [instrumentationExtension] }));
  await app.scheduler.run('Tasks.good');
  await expect(app.scheduler.run('bad-task')).rejects.toThrow('bad');
  expect(await linesOf(app, executions)).toEqual([]);
  expect((await jsonView(app)).scheduler.tasks[0]).toMatchObject({ name: 'Tasks.good', executions: 1 });
});
