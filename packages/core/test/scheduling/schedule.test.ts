/** When tasks run: at their rate, after their delay, by their cron expression, and never twice at once. */
import { Component, Scheduled, Service } from '@tsukimi/core';
import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { clockwork, elapsedMs, Gate } from './clockwork.js';

test('fixedRate runs at once and then at its rate, from listen to close', async () => {
  const runs: number[] = [];
  @Service()
  class Rates {
    @Scheduled({ fixedRate: 10_000 }) tick() {
      runs.push(elapsedMs());
    }
  }
  const { app, pass, task } = await clockwork([Rates]);
  await pass(60_000);
  expect(runs).toEqual([]);
  expect(task()).toMatchObject({ name: 'Rates.tick', trigger: 'every 10 s', executions: 0, lastRun: null, nextRun: null });
  await app.listen();
  await pass(35_000);
  expect(runs).toEqual([60_000, 70_000, 80_000, 90_000]);
  expect(task()).toEqual({
    name: 'Rates.tick',
    trigger: 'every 10 s',
    running: false,
    executions: 4,
    failures: 0,
    lastRun: '2026-03-01T00:01:30.000Z',
    lastDurationMs: 0,
    lastError: null,
    lastErrorType: null,
    nextRun: '2026-03-01T00:01:40.000Z',
  });
  await app.close();
  await pass(60_000);
  expect(runs).toHaveLength(4);
  expect(task()?.nextRun).toBeNull();
  expect(vi.getTimerCount()).toBe(0);
});

test('initialDelay puts the first run off', async () => {
  const runs: string[] = [];
  @Service()
  class Delayed {
    @Scheduled({ fixedRate: 100, initialDelay: 250 }) rate() {
      runs.push(`rate ${elapsedMs()}`);
    }
    @Scheduled({ fixedDelay: 100, initialDelay: 260 }) delay() {
      runs.push(`delay ${elapsedMs()}`);
    }
  }
  const { app, pass } = await clockwork([Delayed]);
  await app.listen();
  await pass(470);
  expect(runs).toEqual(['rate 250', 'delay 260', 'rate 350', 'delay 360', 'rate 450', 'delay 460']);
});

test('fixedDelay counts from the end of the last run', async () => {
  const runs: number[] = [];
  const gate = new Gate();
  @Service()
  class Delays {
    @Scheduled({ fixedDelay: 1000 }) async work() {
      runs.push(elapsedMs());
      await gate.pass();
    }
  }
  const { app, pass, task } = await clockwork([Delays]);
  await app.listen();
  await pass(0);
  expect(task()).toMatchObject({ running: true, executions: 0, nextRun: null, trigger: '1 s after the last run' });
  await pass(5000);
  expect(runs).toEqual([0]);
  gate.open();
  await pass(999);
  expect(runs).toEqual([0]);
  expect(task()).toMatchObject({ running: false, executions: 1, lastDurationMs: 5000, nextRun: '2026-03-01T00:00:06.000Z' });
  await pass(1);
  expect(runs).toEqual([0, 6000]);
  gate.open();
});

test('a rate that finds its task running leaves that run out and keeps its phase', async () => {
  const runs: number[] = [];
  const gate = new Gate();
  @Service()
  class Slow {
    @Scheduled({ fixedRate: 1000 }) async work() {
      runs.push(elapsedMs());
      await gate.pass();
    }
  }
  const { app, pass, task, logs } = await clockwork([Slow], { configuration: { server: { port: 0 }, logging: { level: 'debug' } } });
  await app.listen();
  await pass(2500);
  expect(runs).toEqual([0]);
  expect(task()?.running).toBe(true);
  gate.open();
  await pass(499);
  expect(runs).toEqual([0]);
  await pass(1);
  expect(runs).toEqual([0, 3000]);
  gate.open();
  await pass(1000);
  expect(runs).toEqual([0, 3000, 4000]);
  expect(logs.filter(({ msg }) => msg === 'Task Slow.work is still running; skipping this run.')).toHaveLength(2);
  gate.open();
});

test('every run of a rate starts at a multiple of its interval, however long runs take', async () => {
  const durations = fc.array(fc.integer({ min: 0, max: 1500 }), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 5, max: 500 }), durations, async (intervalMs, durationsMs) => {
      const starts: number[] = [];
      @Service()
      class Phases {
        @Scheduled({ fixedRate: intervalMs }) async work() {
          const durationMs = durationsMs[starts.length];
          if (durationMs === undefined) return;
          starts.push(elapsedMs());
          await new Promise((resolve) => setTimeout(resolve, durationMs));
        }
      }
      const { app, pass } = await clockwork([Phases]);
      await app.listen();
      // The longest that all of them can take, each waiting for the next multiple.
      await pass(8 * (1500 + 500));
      await app.close();
      expect(starts).toHaveLength(durationsMs.length);
      expect(starts.filter((startMs) => startMs % intervalMs !== 0)).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

test.each([
  ['*/15 * * * * *', [15_000, 30_000, 45_000, 60_000]],
  ['30 * * * * *', [30_000]],
  ['* * * * *', [60_000]],
])('cron "%s" runs when it says', async (cron, times) => {
  const runs: number[] = [];
  @Service()
  class Crons {
    @Scheduled({ cron }) tick() {
      runs.push(elapsedMs());
    }
  }
  const { app, pass } = await clockwork([Crons]);
  await app.listen();
  await pass(60_000);
  expect(runs).toEqual(times);
});

test('macros and time zones, over a change to summer time', async () => {
  const runs: string[] = [];
  @Service()
  class Zones {
    @Scheduled({ cron: '@hourly' }) hourly() {}
    @Scheduled({ cron: '@daily', timeZone: 'UTC' }) daily() {}
    @Scheduled({ cron: '0 30 6 * * *', timeZone: 'Europe/Berlin' }) breakfast() {
      runs.push(new Date().toISOString());
    }
  }
  const { app, pass, task } = await clockwork([Zones]);
  await app.listen();
  expect(task('Zones.hourly')).toMatchObject({ trigger: 'cron "@hourly"' });
  expect(task('Zones.daily')).toMatchObject({ trigger: 'cron "@daily" (UTC)', nextRun: '2026-03-02T00:00:00.000Z' });
  expect(task('Zones.breakfast')).toMatchObject({ trigger: 'cron "0 30 6 * * *" (Europe/Berlin)', nextRun: '2026-03-01T05:30:00.000Z' });
  await pass(30 * 24 * 3_600_000);
  expect(task('Zones.hourly')?.executions).toBe(720);
  expect(task('Zones.daily')?.executions).toBe(30);
  expect(runs).toHaveLength(30);
  expect(runs.slice(26, 29)).toEqual(['2026-03-27T05:30:00.000Z', '2026-03-28T05:30:00.000Z', '2026-03-29T04:30:00.000Z']);
});

test('when the wall clock is put forward, cron notices within half a minute and rates do not', async () => {
  const runs: string[] = [];
  @Service()
  class Jumps {
    @Scheduled({ cron: '0 0 12 * * *', timeZone: 'UTC' }) noon() {
      runs.push('noon');
    }
    @Scheduled({ fixedRate: 3_600_000, initialDelay: 3_600_000 }) hour() {
      runs.push('hour');
    }
  }
  const { app, pass } = await clockwork([Jumps]);
  await app.listen();
  vi.setSystemTime('2026-03-01T12:00:00.000Z');
  await pass(30_000);
  expect(runs).toEqual(['noon']);
});

test('intervals as long as a timer can wait are waited for', async () => {
  let runs = 0;
  @Service()
  class Long {
    @Scheduled({ fixedRate: 2 ** 31 - 1, initialDelay: 2 ** 31 - 1 }) tick() {
      runs++;
    }
  }
  const { app, pass, task } = await clockwork([Long]);
  await app.listen();
  await pass(2 ** 31 - 2);
  expect(runs).toBe(0);
  await pass(1);
  expect(runs).toBe(1);
  expect(task()?.trigger).toBe('every 2147483647 ms');
});

test.each([
  [{ fixedRate: 500 }, 'every 500 ms'],
  [{ fixedRate: 1500 }, 'every 1500 ms'],
  [{ fixedRate: 60_000 }, 'every 1 min'],
  [{ fixedDelay: 90_000 }, '90 s after the last run'],
  [{ fixedDelay: 7_200_000 }, '2 h after the last run'],
])('%j reads as "%s"', async (options, trigger) => {
  @Service()
  class Texts {
    @Scheduled(options) tick() {}
  }
  const { task } = await clockwork([Texts]);
  expect(task()?.trigger).toBe(trigger);
});

test('with scheduler.enabled false nothing is scheduled, and tasks are listed and run by hand', async () => {
  let runs = 0;
  @Service()
  class Disabled {
    @Scheduled({ fixedRate: 1000 }) tick() {
      runs++;
    }
  }
  const { app, pass, task } = await clockwork([Disabled], { configuration: { server: { port: 0 }, scheduler: { enabled: false } } });
  await app.listen();
  await pass(10_000);
  expect(runs).toBe(0);
  expect(task()).toMatchObject({ name: 'Disabled.tick', executions: 0, nextRun: null });
  await app.scheduler.run('Disabled.tick');
  expect(runs).toBe(1);
  expect(task()).toMatchObject({ executions: 1, lastRun: '2026-03-01T00:00:10.000Z' });
});

test('tasks are inherited, and replaced where a subclass says so', async () => {
  abstract class Base {
    @Scheduled({ fixedRate: 1000 }) first(): void {}
    @Scheduled({ fixedRate: 1000 }) second(): void {}
  }
  @Component()
  class Derived extends Base {
    @Scheduled({ fixedRate: 5000 }) override second(): void {}
    override first(): void {}
    @Scheduled({ fixedRate: 2000, name: 'a' })
    @Scheduled({ cron: '@daily', name: 'b' })
    third(): void {}
  }
  const { app } = await clockwork([Derived]);
  expect(app.scheduler.tasks.map(({ name, trigger }) => [name, trigger])).toEqual([
    ['Derived.first', 'every 1 s'],
    ['Derived.second', 'every 5 s'],
    ['a', 'every 2 s'],
    ['b', 'cron "@daily"'],
  ]);
});
