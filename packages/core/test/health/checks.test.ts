/** Checks are contained: they run one at a time, for a limited time, and results are used again. */
import { CurrentHealth, type Extension, type Health, HealthCheck, type HealthCheckRun, Inject, OnStart, Service } from '@tsukimi/core';
import { expect, it } from 'vitest';
import { applicationOf, describeError, logSink, start, startFailure } from '../start.js';

const LONG_MS = 600_000;

it('runs a check once for all who ask while it runs, and uses its result again', async () => {
  let runs = 0;
  let finish: () => void = () => undefined;
  @Service()
  class Database {
    @HealthCheck({ name: 'database', cacheMs: LONG_MS, timeoutMs: LONG_MS })
    ping(): Promise<void> {
      runs += 1;
      return new Promise((resolve) => {
        finish = resolve;
      });
    }
  }
  const app = await start(applicationOf([Database]));
  const probes = Array.from({ length: 100 }, () => app.inject('/health/ready'));
  // A liveness probe asks nothing, so that its answer shows that the others have been asked.
  await app.inject('/health/live');
  const late = app.health.report('ready');
  finish();
  expect(new Set((await Promise.all(probes)).map(({ statusCode }) => statusCode))).toEqual(new Set([200]));
  await late;
  for (let count = 0; count < 100; count += 1) await app.health.report('ready');
  expect(runs).toBe(1);
});

it('a check that takes too long is down, and does not run again before it has ended', async () => {
  const signals: AbortSignal[] = [];
  const ends: (() => void)[] = [];
  @Service()
  class Hanging {
    @HealthCheck({ name: 'hanging', timeoutMs: 1, cacheMs: 0 })
    hang({ signal }: HealthCheckRun): Promise<void> | undefined {
      signals.push(signal);
      return signals.length === 1 ? new Promise((resolve) => ends.push(resolve)) : undefined;
    }
  }
  const app = await start(applicationOf([Hanging]));
  const result = async () => (await app.health.report('ready')).checks['hanging'];
  for (let count = 0; count < 50; count += 1) expect(await result()).toMatchObject({ status: 'down', message: 'no result within 1 ms' });
  expect(signals).toHaveLength(1);
  expect(signals[0]?.aborted).toBe(true);
  expect(String(signals[0]?.reason)).toBe('Error: The health check hanging took longer than 1 ms');
  ends[0]?.();
  expect(await result()).toMatchObject({ status: 'down' });
  await new Promise((resolve) => setImmediate(resolve));
  expect(await result()).toMatchObject({ status: 'up', message: null });
  expect(signals).toHaveLength(2);
});

it('one check that hangs does not hold up the others, nor liveness', async () => {
  @Service()
  class Parts {
    @HealthCheck({ name: 'hanging', timeoutMs: 1 })
    hang(): Promise<void> {
      return new Promise(() => undefined);
    }
    @HealthCheck({ name: 'quick' })
    quick(): void {}
  }
  const app = await start(applicationOf([Parts]));
  expect((await app.inject('/health/live')).statusCode).toBe(200);
  const { status, checks } = await app.health.report('ready');
  expect([status, checks['hanging']?.status, checks['quick']?.status]).toEqual(['down', 'down', 'up']);
});

it('logs each change of state once', async () => {
  let isUp = true;
  @Service()
  class Flapping {
    @HealthCheck({ name: 'flapping', cacheMs: 0 })
    check(): void {
      if (!isUp) throw new Error('gone');
    }
  }
  const { logger, lines } = logSink();
  const app = await start(applicationOf([Flapping]), { logger });
  for (const now of [true, true, false, false, false, true, true]) {
    isUp = now;
    await app.health.report('ready');
  }
  const logged = lines.map(({ level, msg }) => [level, msg]);
  expect(logged).toEqual([
    [40, 'Health check flapping is down: gone'],
    [30, 'Health check flapping is up again'],
  ]);
});

it('extensions and components add checks until the application has started', async () => {
  const extension = (): Extension => ({
    name: 'queue',
    configure: ({ health }) => health.add({ name: 'queue', kind: 'liveness', check: () => undefined }),
  });
  @Service()
  class Cache {
    constructor(@Inject(CurrentHealth) private readonly health: Health) {}
    @OnStart()
    connect(): void {
      this.health.add({ name: 'cache', check: () => ({ status: 'down', message: 'cold' }) });
    }
  }
  const app = await start(applicationOf([Cache]), { extensions: [extension] });
  expect(app.health.checks).toMatchObject([{ name: 'queue', result: undefined }, { name: 'cache' }]);
  expect((await app.health.report('ready')).checks).toMatchObject({ queue: { status: 'up' }, cache: { status: 'down', message: 'cold' } });
  expect(app.health.checks).toMatchObject([
    { name: 'queue', kind: 'liveness', result: { status: 'up' } },
    { name: 'cache', kind: 'readiness', result: { status: 'down' } },
  ]);
  const late = () => app.health.add({ name: 'late', check: () => undefined });
  expect(late).toThrow(expect.objectContaining({ code: 'TSK_ERR_HEALTH_LATE' }));
});

it('runs on the instance of the application, a new one of a transient component, and inherits checks', async () => {
  const seen: object[] = [];
  class Base {
    @HealthCheck({ name: 'base', cacheMs: 0 })
    base(): void {
      seen.push(this);
    }
    @HealthCheck({ name: 'replaced', cacheMs: 0 })
    other(): void {
      throw new Error('overridden');
    }
  }
  @Service({ scope: 'transient' })
  class Derived extends Base {
    @HealthCheck({ name: 'one', cacheMs: 0 })
    @HealthCheck({ name: 'two', cacheMs: 0 })
    override other(): void {}
  }
  const app = await start(applicationOf([Derived]));
  expect(Object.keys((await app.health.report('ready')).checks)).toEqual(['base', 'one', 'two']);
  await app.health.report('ready');
  expect(seen).toHaveLength(2);
  expect(new Set(seen).size).toBe(2);
  expect(seen.every((each) => each instanceof Derived)).toBe(true);
});

const failureOf = async (options: object): Promise<string> => {
  class Checked {
    ping(): void {}
  }
  HealthCheck(options)(Checked.prototype, 'ping', Object.getOwnPropertyDescriptor(Checked.prototype, 'ping') as never);
  Service()(Checked);
  return await startFailure(applicationOf([Checked]));
};

it.each([
  [{ kind: 'ready' }, 'OPTION: kind of the health check Checked.ping is a text of 5 characters. Allowed: readiness, liveness, info.'],
  [{ timeoutMs: 0 }, 'OPTION: timeoutMs of the health check Checked.ping is 0. Allowed: milliseconds from 1 to 2147483647.'],
  [{ timeoutMs: Number.NaN }, 'OPTION: timeoutMs of the health check Checked.ping is NaN. Allowed: milliseconds from 1 to 2147483647.'],
  [
    { timeoutMs: '5s' },
    'OPTION: timeoutMs of the health check Checked.ping is a text of 2 characters. Allowed: milliseconds from 1 to 2147483647.',
  ],
  [{ cacheMs: -1 }, 'OPTION: cacheMs of the health check Checked.ping is -1. Allowed: milliseconds from 0 to 2147483647.'],
  [{ cacheMs: 1e12 }, 'OPTION: cacheMs of the health check Checked.ping is 1000000000000. Allowed: milliseconds from 0 to 2147483647.'],
  [{ timeout: 5 }, 'OPTION: The health check Checked.ping has no option timeout. Did you mean timeoutMs?'],
  [{ name: '' }, 'NAME: The name of the health check Checked.ping is "". Write a text of 1 to 200 characters, such as "database".'],
  [{ name: 5 }, 'NAME: The name of the health check Checked.ping is a number. Write a text of 1 to 200 characters, such as "database".'],
  [
    { name: 'application' },
    'NAME: The name of the health check Checked.ping is "application", which stands for the application itself. Write a text of 1 to 200 characters, such as "database".',
  ],
])('refuses the options %o', async (options, message) => {
  expect(await failureOf(options)).toBe(`TSK_ERR_HEALTH_${message}`);
});

it('refuses checks that could not run', async () => {
  @Service()
  class One {
    @HealthCheck({ name: 'database' })
    ping(): void {}
  }
  @Service()
  class Two {
    @HealthCheck({ name: 'database' })
    pong(): void {}
  }
  @Service({ scope: 'request' })
  class OfRequest {
    @HealthCheck()
    ping(): void {}
  }
  @Service()
  class Taking {
    ping(_run: unknown, _more: unknown): void {}
  }
  HealthCheck()(Taking.prototype, 'ping', Object.getOwnPropertyDescriptor(Taking.prototype, 'ping') as never);
  expect(await startFailure(applicationOf([One, Two]))).toBe(
    "TSK_ERR_HEALTH_DUPLICATE: Two health checks are called database: One.ping and Two.pong. Give one of them another name: @HealthCheck({ name: '...' }).",
  );
  expect(await startFailure(applicationOf([OfRequest]))).toMatch(/^TSK_ERR_HEALTH_SCOPE: OfRequest\.ping is a health check/);
  expect(await startFailure(applicationOf([Taking]))).toMatch(
    /^TSK_ERR_HEALTH_PARAMETERS: Taking\.ping is a health check, but has 2 parameters/,
  );
  const property = () => HealthCheck()({ ping: 5 }, 'ping', {} as never);
  expect(describeError(caught(property))).toMatch(/^TSK_ERR_DECORATOR_PLACE: @HealthCheck is on Object\.ping/);
  const bare = () => (HealthCheck as unknown as (...given: unknown[]) => void)(One.prototype, 'ping');
  expect(describeError(caught(bare))).toMatch(/^TSK_ERR_DECORATOR_NOT_CALLED: @HealthCheck/);
});

function caught(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('it did not throw');
}
