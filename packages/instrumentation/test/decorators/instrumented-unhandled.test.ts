/** `unhandled`: who decides whether the process hears of rejections that nobody handles, of promises that methods hand on. */
import { Configuration, Provider, Service } from '@tsukimi/core';
import { Instrumented, instrument, Slo, type Unhandled } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { unhandledRejections } from '../support/rejections.js';
import { bareApplication, instrumentedApplication, start } from '../support/start.js';

class Pool {
  query(): Promise<never> {
    return Promise.reject(new Error('query'));
  }
}

class WatchedPool extends Pool {
  @Slo({ objective: 99 })
  override query(): Promise<never> {
    return super.query();
  }
}

@Instrumented()
class MeasuredPool extends Pool {}

@Instrumented({ unhandled: 'contain' })
class ContainedPool extends Pool {}

@Configuration()
class Pools {
  @Instrumented()
  @Provider()
  pool(): Pool {
    return new Pool();
  }
  @Instrumented({ unhandled: 'keep' })
  @Provider({ token: 'kept' })
  kept(): Pool {
    return new Pool();
  }
  @Instrumented()
  @Provider()
  watched(): WatchedPool {
    return new WatchedPool();
  }
  @Instrumented()
  @Provider()
  measured(): MeasuredPool {
    return new MeasuredPool();
  }
  @Instrumented({ unhandled: 'keep' })
  @Provider()
  contained(): ContainedPool {
    return new ContainedPool();
  }
}

@Service()
class OrderService {
  find(): Promise<never> {
    return Promise.reject(new Error('find'));
  }
  @Instrumented({ unhandled: 'contain' })
  list(): Promise<never> {
    return Promise.reject(new Error('list'));
  }
}

describe('unhandled', () => {
  test('is contained for what a provider makes of a class without decorators, and kept for others, unless said otherwise', async () => {
    const { app } = await start(bareApplication([Pools]));
    const heard: Record<string, string[]> = {};
    for (const token of [Pool, 'kept', WatchedPool, MeasuredPool, ContainedPool]) {
      const pool = app.resolve<Pool>(token as typeof Pool);
      heard[typeof token === 'string' ? token : token.name] = await unhandledRejections(() => void pool.query());
    }
    expect(heard).toEqual({ Pool: [], kept: ['query'], WatchedPool: ['query'], MeasuredPool: ['query'], ContainedPool: [] });
  });

  test('is kept in an instrumented application, and contained where a method says so', async () => {
    const { app } = await start(instrumentedApplication([OrderService]));
    const service = app.resolve(OrderService);
    expect(await unhandledRejections(() => [service.find(), service.list()].length)).toEqual(['find']);
  });

  test('on the application class is for all who do not say otherwise', async () => {
    const App = bareApplication([OrderService, Pools]);
    Instrumented({ unhandled: 'contain' })(App);
    const { app } = await start(App);
    const subjects = [app.resolve(Pool), app.resolve(MeasuredPool), app.resolve<Pool>('kept')];
    expect(await unhandledRejections(() => void app.resolve(OrderService).find())).toEqual([]);
    expect(await unhandledRejections(() => subjects.map((pool) => pool.query()).length)).toEqual(['query']);
  });

  test('is by object where two are one component', async () => {
    const registry = new MetricsRegistry();
    const [kept, contained] = (['keep', 'contain'] as const).map((unhandled) => instrument(new Pool(), { registry, unhandled }));
    expect(await unhandledRejections(() => [contained?.query(), kept?.query(), contained?.query()].length)).toEqual(['query']);
  });

  test('is refused where it is neither', () => {
    const unhandled = 'ignore' as Unhandled;
    const message = (where: string): string =>
      `unhandled: a text of 6 characters is not 'keep' or 'contain' (${where}). Use 'keep' or 'contain'.`;
    expect(() => instrument(new Pool(), { registry: new MetricsRegistry(), unhandled })).toThrow(message('instrument()'));
    expect(() => Instrumented({ unhandled })).toThrow(message('@Instrumented'));
  });
});
