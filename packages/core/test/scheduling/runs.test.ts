/** How a run goes: what it calls, what goes around it, and what happens when it fails or the application stops. */
import { Component, type Extension, Scheduled, Service } from '@tsukimi/core';
import { expect, test, vi } from 'vitest';
import { clockwork, Gate } from './clockwork.js';

test.each([
  [
    'throws',
    () => {
      throw new Error('sick');
    },
  ],
  [
    'rejects',
    async () => {
      throw new Error('sick');
    },
  ],
])('a task that %s is logged with its stack and keeps its schedule', async (_how, fail) => {
  @Service()
  class Failing {
    @Scheduled({ fixedRate: 1000 }) rate() {
      return fail();
    }
    @Scheduled({ fixedDelay: 1000 }) delay() {
      return fail();
    }
  }
  const { app, pass, task, logs } = await clockwork([Failing]);
  await app.listen();
  await pass(2500);
  for (const name of ['Failing.rate', 'Failing.delay']) {
    expect(task(name)).toMatchObject({ executions: 3, failures: 3, lastError: 'sick', running: false });
    const errors = logs.filter(({ level, task }) => level === 50 && task === name);
    expect(errors).toHaveLength(3);
    expect(errors[0]).toMatchObject({
      msg: `Task ${name} failed`,
      err: { message: 'sick', stack: expect.stringContaining('runs.test.ts') },
    });
  }
});

test('a run that goes well clears the last error', async () => {
  let fails = true;
  @Service()
  class Recovering {
    @Scheduled({ fixedRate: 1000 }) work() {
      if (fails) throw 'a text';
    }
  }
  const { app, pass, task } = await clockwork([Recovering]);
  await app.listen();
  await pass(0);
  expect(task()).toMatchObject({ executions: 1, failures: 1, lastError: 'a text' });
  fails = false;
  await pass(1000);
  expect(task()).toMatchObject({ executions: 2, failures: 1, lastError: null });
});

test('run by hand settles with the task, joins a run that is going on, and is not logged', async () => {
  const gate = new Gate();
  let runs = 0;
  @Service()
  class ByHand {
    @Scheduled({ fixedRate: 1000, initialDelay: 5000 }) async work() {
      runs++;
      await gate.pass();
    }
  }
  const { app, pass, task, logs } = await clockwork([ByHand]);
  const first = app.scheduler.run('ByHand.work');
  const second = app.scheduler.run('ByHand.work');
  expect(task()?.running).toBe(true);
  gate.break(new Error('sick'));
  await expect(first).rejects.toThrow('sick');
  await expect(second).rejects.toThrow('sick');
  expect(runs).toBe(1);
  expect(task()).toMatchObject({ running: false, executions: 1, failures: 1, lastError: 'sick' });
  expect(logs.filter(({ level }) => level >= 40)).toEqual([]);
  await app.listen();
  const third = app.scheduler.run('ByHand.work');
  await pass(5500);
  expect(runs).toBe(2);
  gate.open();
  await third;
  await pass(500);
  expect(runs).toBe(3);
  gate.open();
});

test('an unknown task is refused with the nearest known one', async () => {
  @Service()
  class Known {
    @Scheduled({ fixedRate: 1000 }) reconcile() {}
  }
  const { app } = await clockwork([Known]);
  await expect(app.scheduler.run('Known.reconcil')).rejects.toMatchObject({
    code: 'TSK_ERR_SCHEDULING_UNKNOWN_TASK',
    message: 'There is no task called "Known.reconcil". Did you mean Known.reconcile?',
  });
  await expect(app.scheduler.run('zzz')).rejects.toThrow('There is no task called "zzz". There are Known.reconcile.');
  const empty = await clockwork([]);
  await expect(empty.app.scheduler.run('zzz')).rejects.toThrow('There is no task called "zzz". There are none.');
});

test('the extensions go around each run, the first outermost, and see failures', async () => {
  const seen: string[] = [];
  const around =
    (name: string): (() => Extension) =>
    () => ({
      name,
      task: async (definition, run) => {
        seen.push(`${name} before ${definition.name} ${definition.component.name}.${definition.method}`);
        try {
          await run();
          seen.push(`${name} after`);
        } catch (error) {
          seen.push(`${name} failed`);
          throw error;
        }
      },
    });
  @Service()
  class Wrapped {
    fails = false;
    @Scheduled({ fixedRate: 1000, name: 'wrapped' }) work() {
      seen.push('work');
      if (this.fails) throw new Error('sick');
    }
  }
  const { app } = await clockwork([Wrapped], { extensions: [around('outer'), around('inner')] });
  await app.scheduler.run('wrapped');
  expect(seen).toEqual(['outer before wrapped Wrapped.work', 'inner before wrapped Wrapped.work', 'work', 'inner after', 'outer after']);
  seen.length = 0;
  app.resolve(Wrapped).fails = true;
  await expect(app.scheduler.run('wrapped')).rejects.toThrow('sick');
  expect(seen).toEqual(['outer before wrapped Wrapped.work', 'inner before wrapped Wrapped.work', 'work', 'inner failed', 'outer failed']);
});

test('the method is looked up on the instance, with the instance as this', async () => {
  const seen: unknown[] = [];
  @Service()
  class LookedUp {
    @Scheduled({ fixedRate: 1000 }) work() {
      seen.push(this);
    }
  }
  const { app } = await clockwork([LookedUp]);
  const instance = app.resolve(LookedUp);
  await app.scheduler.run('LookedUp.work');
  expect(seen).toEqual([instance]);
  Object.defineProperty(instance, 'work', { value: () => seen.push('own') });
  await app.scheduler.run('LookedUp.work');
  expect(seen).toEqual([instance, 'own']);
});

test('a transient component gets a new instance for each run', async () => {
  const seen = new Set<object>();
  @Component({ scope: 'transient' })
  class Transient {
    @Scheduled({ fixedRate: 1000 }) work() {
      seen.add(this);
    }
  }
  const { app, pass } = await clockwork([Transient]);
  await app.listen();
  await pass(2000);
  expect(seen.size).toBe(3);
});

test('closing waits for the tasks that are running, and starts no more', async () => {
  const gate = new Gate();
  const seen: string[] = [];
  @Service()
  class Closing {
    @Scheduled({ fixedRate: 100 }) async work() {
      seen.push('begin');
      await gate.pass();
      seen.push('end');
    }
  }
  const { app, pass } = await clockwork([Closing]);
  await app.listen();
  await pass(0);
  const closing = app.close().then(() => seen.push('closed'));
  await pass(1000);
  expect(seen).toEqual(['begin']);
  gate.open();
  await closing;
  expect(seen).toEqual(['begin', 'end', 'closed']);
  await expect(app.scheduler.run('Closing.work')).rejects.toMatchObject({ code: 'TSK_ERR_SCHEDULING_STOPPED' });
  expect(vi.getTimerCount()).toBe(0);
});

test('a task that fails while the application closes does not stop it from closing', async () => {
  const gate = new Gate();
  @Service()
  class FailingLate {
    @Scheduled({ fixedRate: 100 }) async work() {
      await gate.pass();
    }
  }
  const { app, pass, logs } = await clockwork([FailingLate]);
  await app.listen();
  await pass(0);
  const closing = app.close();
  gate.break(new Error('late'));
  await closing;
  expect(logs.filter(({ level }) => level === 50)).toMatchObject([{ msg: 'Task FailingLate.work failed', err: { message: 'late' } }]);
});
