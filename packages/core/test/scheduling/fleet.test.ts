/** Tasks that run once in a fleet: who runs them, what the run gets, and what happens when the lease is lost. */
import { type Extension, type LeaseRequest, type LeaseStore, Scheduled, type ScheduleOptions, Service, type TaskRun } from '@tsukimi/core';
import { expect, it } from 'vitest';
import { applicationOf, describeError, logSink, rejection, start, startFailure } from '../start.js';

/** A store in memory, for the applications of one test. */
class Shelf implements LeaseStore {
  readonly name = 'the shelf';
  readonly questions: string[] = [];
  isThere = true;
  #holder: string | undefined;
  #token = 0;

  async acquire({ name, holder }: LeaseRequest) {
    this.#see(`acquire ${name}`);
    if (this.#holder !== undefined && this.#holder !== holder) return { heldForMs: 600_000 };
    this.#holder = holder;
    this.#token += 1;
    return { token: this.#token };
  }

  async renew({ name, holder }: LeaseRequest) {
    this.#see(`renew ${name}`);
    return this.#holder === holder;
  }

  async release({ name, holder }: { readonly name: string; readonly holder: string }) {
    this.#see(`release ${name}`);
    if (this.#holder === holder) this.#holder = undefined;
  }

  /** Another instance takes the lease. */
  take(): void {
    this.#holder = 'somebody else';
    this.#token += 1;
  }

  #see(question: string): void {
    if (!this.isThere) throw new Error('the shelf is away');
    this.questions.push(question);
  }
}

const on = (store: LeaseStore) => (): Extension => ({ name: store.name, configure: ({ useLeaseStore }) => useLeaseStore(store) });

/** An application with one task, which does what `act` says. */
function fleetApplication(act: (run: TaskRun) => unknown, options: Partial<ScheduleOptions> = {}) {
  @Service()
  class Reports {
    @Scheduled({ fixedRate: 600_000, once: 'fleet', name: 'send', ...options })
    send(run: TaskRun): unknown {
      return act(run);
    }
  }
  return applicationOf([Reports], { name: 'shop' });
}

it('runs in the instance that holds the lease, with its token, until that gives the lease back', async () => {
  const store = new Shelf();
  const tokens: [string, number][] = [];
  const instance = (name: string) =>
    start(
      // No whole number of milliseconds is a third of it.
      fleetApplication(({ token }) => tokens.push([name, token]), { leaseMs: 100_000 }),
      { extensions: [on(store)] },
    );
  const first = await instance('first');
  const second = await instance('second');
  await first.scheduler.run('send');
  await first.scheduler.run('send');
  expect(describeError(await rejection(second.scheduler.run('send')))).toBe(
    "TSK_ERR_SCHEDULING_ELSEWHERE: Task send can't run here, because another instance holds its lease, or the lease store can't be reached. Run it in the instance that holds the lease.",
  );
  expect([first.scheduler.leases, second.scheduler.leases]).toEqual([
    [{ task: 'send', isHeld: true, heldMs: expect.any(Number), skipped: 0 }],
    [{ task: 'send', isHeld: false, heldMs: null, skipped: 1 }],
  ]);
  await first.close();
  expect(store.questions).toEqual(['acquire shop/send', 'acquire shop/send', 'release shop/send']);
  const third = await instance('third');
  await third.scheduler.run('send');
  expect(tokens).toEqual([
    ['first', 1],
    ['first', 1],
    ['third', 2],
  ]);
});

it('aborts the run when another instance has taken the lease, and does not run before it has the lease again', async () => {
  const store = new Shelf();
  const { logger, lines } = logSink();
  const app = await start(
    fleetApplication(
      ({ signal }) => {
        store.take();
        return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      },
      { leaseMs: 3000 },
    ),
    { extensions: [on(store)], logger },
  );
  await app.scheduler.run('send');
  expect(app.scheduler.leases).toMatchObject([{ isHeld: false }]);
  expect(lines.map(({ msg }) => msg)).toContain('This instance has lost the lease of task send: another instance may have it');
  expect(describeError(await rejection(app.scheduler.run('send')))).toMatch(/^TSK_ERR_SCHEDULING_ELSEWHERE/);
});

it('aborts the run when the lease could not be renewed in time, says once that the store is away, and once that it is back', async () => {
  const store = new Shelf();
  const { logger, lines } = logSink();
  const app = await start(
    fleetApplication(
      ({ signal }) => {
        store.isThere = false;
        return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      },
      { leaseMs: 3000 },
    ),
    { extensions: [on(store)], logger },
  );
  await app.scheduler.run('send');
  const said = () => lines.map(({ msg }) => msg).filter((msg) => /lease/.test(msg));
  expect(said()).toEqual([
    "The lease of task send in the shelf can't be reached; the task does not run here",
    'This instance has lost the lease of task send: it was not renewed in time',
  ]);
  store.isThere = true;
  await expect.poll(() => app.scheduler.leases, { timeout: 20_000 }).toMatchObject([{ isHeld: true }]);
  expect(said().at(-1)).toBe('The leases of tasks in the shelf can be reached again');
});

it('tells the run that the application stops, and waits for it with the lease', async () => {
  const store = new Shelf();
  const seen: unknown[] = [];
  const app = await start(
    fleetApplication(async ({ signal, stopping }) => {
      store.questions.push(`begin ${stopping.aborted}`);
      await new Promise<void>((resolve) => stopping.addEventListener('abort', () => resolve(), { once: true }));
      seen.push(String(stopping.reason), signal.aborted);
      store.questions.push('end');
    }),
    { extensions: [on(store)], configuration: { server: { shutdown_timeout_ms: 600_000 } } },
  );
  const run = app.scheduler.run('send');
  await expect.poll(() => store.questions, { timeout: 20_000 }).toContain('begin false');
  await app.close();
  await run;
  expect(seen).toEqual(['Error: The application stops', false]);
  expect(store.questions).toEqual(['acquire shop/send', 'begin false', 'end', 'release shop/send']);
});

it('aborts the run when the shutdown no longer waits for it, and then gives the lease back', async () => {
  const store = new Shelf();
  const { logger, lines } = logSink();
  const app = await start(
    fleetApplication(async ({ signal }) => {
      store.questions.push('begin');
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      store.questions.push(String(signal.reason));
    }),
    { extensions: [on(store)], logger, configuration: { server: { shutdown_timeout_ms: 1 } } },
  );
  const run = app.scheduler.run('send');
  await expect.poll(() => store.questions, { timeout: 20_000 }).toContain('begin');
  await app.close();
  await run;
  await expect.poll(() => store.questions, { timeout: 20_000 }).toContain('release shop/send');
  expect(store.questions).toEqual([
    'acquire shop/send',
    'begin',
    'Error: The application stops, and no longer waits for task send',
    'release shop/send',
  ]);
  expect(lines.map(({ msg }) => msg)).not.toContainEqual(expect.stringContaining('has lost the lease'));
});

it('due runs start in one instance only, and are counted in the others', async () => {
  const store = new Shelf();
  let runs = 0;
  const instance = () =>
    start(
      fleetApplication(() => (runs += 1), { fixedRate: 1, leaseMs: 86_400_000 }),
      { extensions: [on(store)], configuration: { server: { port: 0 } } },
    );
  const apps = [await instance(), await instance()];
  for (const app of apps) await app.listen();
  const [first, second] = apps;
  await expect.poll(() => runs, { timeout: 20_000 }).toBeGreaterThan(2);
  await expect.poll(() => second?.scheduler.leases[0]?.skipped, { timeout: 20_000 }).toBeGreaterThan(2);
  expect(first?.scheduler.leases).toMatchObject([{ isHeld: true, skipped: 0 }]);
  // Due runs ask the store no more often than the lease itself.
  expect(store.questions.filter((question) => question.startsWith('acquire'))).toHaveLength(2);
});

it('refuses a start without a store, or with two, and options that have no effect', async () => {
  const act = () => undefined;
  expect(await startFailure(fleetApplication(act))).toBe(
    "TSK_ERR_SCHEDULING_LEASE_STORE: Task send has once: 'fleet', and the application has no store for its lease. " +
      'Add one extension: redisLeases() of @tsukimi/redis, or postgresLeases() of @tsukimi/postgres.',
  );
  const two = { extensions: [on(new Shelf()), on(new Shelf())] };
  expect(await startFailure(fleetApplication(act), two)).toMatch(/^TSK_ERR_SCHEDULING_LEASE_STORE: The application has two stores/);
  const failure = (options: object) => startFailure(fleetApplication(act, options), { extensions: [on(new Shelf())] });
  expect(await failure({ once: 'machine' })).toBe(
    "TSK_ERR_SCHEDULING_ONCE: once of Reports.send is a text of 7 characters. Allowed: 'fleet', or no once.",
  );
  expect(await failure({ leaseMs: 10 })).toBe(
    "TSK_ERR_SCHEDULING_ONCE: leaseMs of Reports.send is 10. Allowed: milliseconds from 300 to 86400000, together with once: 'fleet'.",
  );
  class Alone {
    send(): void {}
  }
  Scheduled({ fixedRate: 1000, leaseMs: 1000 })(Alone.prototype, 'send', Object.getOwnPropertyDescriptor(Alone.prototype, 'send') as never);
  Service()(Alone);
  expect(await startFailure(applicationOf([Alone]))).toMatch(/^TSK_ERR_SCHEDULING_ONCE: leaseMs of Alone\.send is 1000\./);
});
