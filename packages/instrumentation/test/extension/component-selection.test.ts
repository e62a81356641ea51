/** What is measured of instances that are not plain singletons: what providers make, and components of other scopes. */
import { Configuration, Controller, Get, Provider, Service } from '@tsukimi/core';
import { Instrumented } from '@tsukimi/instrumentation';
import { describe, expect, test } from 'vitest';
import { measured } from '../support/measured.js';
import { jsonView, linesOf } from '../support/scrape.js';
import { bareApplication, instrumentedApplication, start } from '../support/start.js';

describe('on a provider', () => {
  class Pool {
    query() {
      return 'row';
    }
  }
  class Cache {
    get() {}
  }
  @Configuration()
  class Databases {
    @Instrumented()
    @Provider()
    above(): Pool {
      return new Pool();
    }
    @Provider({ token: 'cache', name: 'main-cache' })
    @Instrumented()
    below(): unknown {
      return new Cache();
    }
    @Provider({ token: 'other' })
    other(): Cache {
      return new Cache();
    }
    @Instrumented()
    @Provider({ token: 'later' })
    async later(): Promise<Pool> {
      return new Pool();
    }
    @Instrumented()
    @Provider({ token: 'number' })
    number(): unknown {
      return 7;
    }
    @Instrumented()
    @Provider({ token: 'fetcher' })
    fetcher(): unknown {
      return () => 'fetched';
    }
  }

  test('measures what it makes, under its name', async () => {
    const started = await start(bareApplication([Databases]));
    expect(started.app.resolve(Pool).query()).toBe('row');
    expect(started.app.resolve<Pool>('later').query()).toBe('row');
    expect(started.app.resolve('number')).toBe(7);
    expect(started.app.resolve<() => string>('fetcher')()).toBe('fetched');
    expect(started.warnings()).toEqual([
      'fetcher is a function, so its calls are not measured. Provide an object with a method instead, or exclude it with @Instrumented({ enabled: false }).',
    ]);
    expect(await measured(started)).toEqual(['Pool.query', 'main-cache.get', 'later.query']);
    expect(await linesOf(started.app, 'component_calls_total')).toContain(
      'component_calls_total{component="Pool",method="query",status="success"} 1',
    );
    expect((await jsonView(started.app)).instrumentation.components.Pool.type).toBe('provider');
  });

  test('opts out what an instrumented class would have', async () => {
    @Instrumented()
    class Loud {
      call() {}
    }
    @Configuration()
    class Louds {
      @Provider()
      loud(): Loud {
        return new Loud();
      }
      @Instrumented({ enabled: false })
      @Provider({ token: 'quiet', name: 'quiet' })
      quiet(): Loud {
        return new Loud();
      }
    }
    expect(await measured(await start(instrumentedApplication([Louds])))).toEqual(['Loud.call']);
  });
});

describe('scopes', () => {
  @Service({ scope: 'transient' })
  class Transient {
    work() {}
  }
  @Service({ scope: 'request' })
  class PerRequest {
    constructor(private readonly transient: Transient) {}
    work() {
      this.transient.work();
      return {};
    }
  }
  @Controller('/scoped', { scope: 'request' })
  class Scoped {
    constructor(private readonly service: PerRequest) {}
    @Get('/')
    get() {
      return this.service.work();
    }
  }

  test('every instance adds to the series of its component', async () => {
    const started = await start(instrumentedApplication([Transient, PerRequest, Scoped]));
    for (let request = 0; request < 5; request += 1) await started.app.inject('/scoped');
    started.app.resolve(Transient).work();
    const successes = (await linesOf(started.app, 'component_calls_total')).filter((line) => line.includes('success'));
    expect(successes.sort()).toEqual([
      'component_calls_total{component="PerRequest",method="work",status="success"} 5',
      'component_calls_total{component="Scoped",method="get",status="success"} 5',
      'component_calls_total{component="Transient",method="work",status="success"} 6',
    ]);
  });
});
