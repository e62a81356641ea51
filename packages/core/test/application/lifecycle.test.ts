import {
  Application,
  Component,
  Configuration,
  createApplication,
  type Extension,
  Inject,
  OnStart,
  OnStop,
  Provider,
  Service,
} from '@tsukimi/core';
import { expect, test } from 'vitest';
import { applicationOf, logSink, rejection, start } from '../start.js';

/** Components whose hooks write down what runs: Front needs Store, which needs Pool. */
function layers() {
  const events: string[] = [];
  class Pool {
    @OnStart()
    open(): void {
      events.push('Pool starts');
    }
    @OnStop()
    close(): void {
      events.push('Pool stops');
    }
  }
  @Configuration()
  class Pools {
    @Provider()
    pool(): Pool {
      return new Pool();
    }
  }
  @Service()
  class Store {
    constructor(readonly pool: Pool) {}
    @OnStart()
    async warm(): Promise<void> {
      await new Promise(setImmediate);
      events.push('Store starts');
    }
    @OnStop()
    async flush(): Promise<void> {
      await new Promise(setImmediate);
      events.push('Store stops');
    }
  }
  @Component()
  class Front {
    constructor(readonly store: Store) {}
    @OnStart()
    begin(): unknown {
      return events.push('Front starts');
    }
    @OnStop()
    end(): unknown {
      return events.push('Front stops');
    }
  }
  return { events, Pool, Pools, Store, Front, all: [Front, Store, Pools] };
}

test('start hooks run after those of what is needed, stop hooks in reverse, each awaited', async () => {
  const { events, all } = layers();
  const application = await start(applicationOf(all));
  expect(events).toEqual(['Pool starts', 'Store starts', 'Front starts']);
  await application.close();
  expect(events.slice(3)).toEqual(['Front stops', 'Store stops', 'Pool stops']);
});

test('closing twice, at once or later, stops once', async () => {
  const { events, all } = layers();
  const application = await start(applicationOf(all));
  await Promise.all([application.close(), application.close()]);
  await application.close();
  expect(events).toHaveLength(6);
});

test('leaving an await using block closes', async () => {
  const { events, all } = layers();
  const application = await start(applicationOf(all));
  await application[Symbol.asyncDispose]();
  expect(events).toHaveLength(6);
});

test('the application class may have hooks, and runs after its components', async () => {
  const { events, all } = layers();
  @Application({ components: all })
  class App {
    @OnStart()
    begin(): void {
      events.push('App starts');
    }
    @OnStop()
    end(): void {
      events.push('App stops');
    }
  }
  const application = await start(App);
  await application.close();
  expect(events).toEqual([
    ...['Pool starts', 'Store starts', 'Front starts', 'App starts'],
    ...['App stops', 'Front stops', 'Store stops', 'Pool stops'],
  ]);
});

test('hooks of base classes run first; an overridden one runs once, as overridden', async () => {
  const events: string[] = [];
  class Base {
    @OnStart()
    first(): void {
      events.push('first');
    }
    @OnStart()
    second(): void {
      events.push('base second');
    }
  }
  @Service()
  class Derived extends Base {
    @OnStart()
    third(): void {
      events.push('third');
    }
    @OnStart()
    override second(): void {
      events.push('second');
    }
  }
  await start(applicationOf([Derived]));
  expect(events).toEqual(['first', 'second', 'third']);
});

test('a hook on a static method is refused where it stands', () => {
  class Wrong {
    static begin(): void {}
    end(): void {}
  }
  expect(() => OnStart()(Wrong, 'begin')).toThrow('@OnStart() is on Wrong.begin, which is static. Make it an instance method.');
});

test('a failing start hook stops what has started, in reverse, and the error is passed on', async () => {
  const { events, all, Front } = layers();
  const problem = new Error('no disk');
  @Service()
  class Failing {
    constructor(@Inject(Front) readonly front: object) {}
    @OnStart()
    fail(): never {
      throw problem;
    }
    @OnStop()
    stop(): void {
      events.push('Failing stops');
    }
  }
  @Service()
  class After {
    constructor(readonly failing: Failing) {}
    @OnStart()
    begin(): void {
      events.push('After starts');
    }
    @OnStop()
    end(): void {
      events.push('After stops');
    }
  }
  @Service()
  class StopOnly {
    @OnStop()
    end(): void {
      events.push('StopOnly stops');
    }
  }
  const extension = (): Extension => ({ name: 'late', stopping: () => void events.push('extension stops') });
  expect(await rejection(start(applicationOf([StopOnly, After, Failing, ...all]), { extensions: [extension] }))).toBe(problem);
  // After never started. StopOnly has no start hook: it was there from its construction on.
  expect(events.slice(3)).toEqual(['extension stops', 'Front stops', 'Store stops', 'Pool stops', 'StopOnly stops']);
});

test('a failing constructor stops what was constructed before and has no start hook', async () => {
  const events: string[] = [];
  @Service()
  class Pool {
    @OnStop()
    close(): void {
      events.push('Pool stops');
    }
  }
  @Service()
  class Failing {
    constructor(readonly pool: Pool) {
      throw new Error('no');
    }
  }
  await rejection(start(applicationOf([Pool, Failing])));
  expect(events).toEqual(['Pool stops']);
});

test('a failing stop hook is logged with its component and does not keep the others from running', async () => {
  const { events, all, Store } = layers();
  @Component()
  class Failing {
    constructor(@Inject(Store) readonly store: object) {}
    @OnStop()
    fail(): never {
      throw new Error('no disk');
    }
  }
  const { lines, logger } = logSink();
  const application = await start(applicationOf([Failing, ...all]), { logger });
  await application.close();
  expect(events.slice(3)).toEqual(['Front stops', 'Store stops', 'Pool stops']);
  expect(lines.filter(({ level }) => level >= 50)).toMatchObject([
    { level: 50, msg: 'the stop hook of Failing failed to stop', err: { message: 'no disk' } },
  ]);
});

test('what hooks call are the methods of the instance, as an extension may have wrapped them', async () => {
  const { events, all } = layers();
  const wrap = (): Extension => ({
    name: 'wrap',
    instance(instance, { name }) {
      if (name === 'Front') Object.defineProperty(instance, 'begin', { value: () => events.push('wrapped') });
    },
  });
  await start(applicationOf(all), { extensions: [wrap] });
  expect(events).toEqual(['Pool starts', 'Store starts', 'wrapped']);
});

test('a start that fails before anything exists needs nothing to be stopped', async () => {
  class NoApplication {}
  await expect(createApplication(NoApplication, { configuration: {}, environment: {} })).rejects.toThrow(
    'NoApplication has no @Application(). Write it above the class.',
  );
});

test('inject works where nothing is registered, and by itself', async () => {
  const { inject } = await start(applicationOf([]));
  expect((await inject('/')).statusCode).toBe(404);
  expect((await inject({ method: 'POST', url: '/unknown' })).statusCode).toBe(404);
  expect((await inject().get('/')).statusCode).toBe(404);
});
