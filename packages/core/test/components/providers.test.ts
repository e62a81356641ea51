/** What `@Provider` methods make: sync, async, by class or token. */
import { Configuration, type Extension, Inject, Provider, Repository, Service } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { applicationOf, describeError, rejection, start, startFailure } from '../start.js';

@Repository()
class Orders {
  readonly #rows = [1, 2];
  count(): number {
    return this.#rows.length;
  }
}

test('a provider method makes a component of its return type, with its parameters injected', async () => {
  class Pool {
    constructor(readonly orders: Orders) {}
  }
  @Configuration()
  class Databases {
    @Provider()
    pool(orders: Orders): Pool {
      return new Pool(orders);
    }
    @Provider({ token: 'table-prefix' })
    prefix(): string {
      return 'shop_';
    }
  }
  @Service()
  class Reader {
    constructor(
      readonly pool: Pool,
      @Inject('table-prefix') readonly prefix: string,
    ) {}
  }
  const application = await start(applicationOf([Orders, Databases, Reader]));
  const reader = application.resolve(Reader);
  expect(reader.pool.orders).toBe(application.resolve(Orders));
  expect(reader.prefix).toBe('shop_');
  expect(application.resolve(Pool)).toBe(reader.pool);
});

test('the start waits for an async provider, and the resolved value is injected', async () => {
  class Connection {}
  let opened = 0;
  @Configuration()
  class Databases {
    @Provider({ token: Connection })
    async connection(): Promise<Connection> {
      await new Promise(setImmediate);
      opened += 1;
      return new Connection();
    }
  }
  @Service()
  class Reader {
    constructor(readonly connection: Connection) {}
  }
  const application = await start(applicationOf([Reader, Databases]));
  expect(application.resolve(Reader).connection).toBeInstanceOf(Connection);
  expect(opened).toBe(1);
});

test('an async provider that is asked for while it is at work runs once', async () => {
  class Connection {}
  let opened = 0;
  let resolve = (): unknown => undefined;
  @Configuration()
  class Databases {
    @Provider({ token: Connection })
    async connection(): Promise<Connection> {
      opened += 1;
      await new Promise(setImmediate);
      expect(resolve).toThrow('is async, and was resolved before its promise resolved');
      return new Connection();
    }
  }
  const asking = (): Extension => ({
    name: 'asking',
    server(_fastify, context) {
      resolve = () => context.resolve(Connection);
    },
  });
  const application = await start(applicationOf([Databases]), { extensions: [asking] });
  expect([opened, application.resolve(Connection)]).toEqual([1, expect.any(Connection)]);
});

test('an async provider cannot be asked for before it is done, and runs once all the same', async () => {
  class Connection {}
  let opened = 0;
  @Configuration()
  class Databases {
    @Provider({ token: Connection })
    async connection(): Promise<Connection> {
      opened += 1;
      return new Connection();
    }
  }
  let early = '';
  const impatient = (): Extension => ({
    name: 'impatient',
    server(_fastify, context) {
      try {
        context.resolve(Connection);
      } catch (error) {
        early = describeError(error);
      }
    },
  });
  const application = await start(applicationOf([Databases]), { extensions: [impatient] });
  expect(early).toBe(
    'TSK_ERR_COMPONENT_PROVIDER_NOT_READY: Databases.connection() is async, and was resolved before its promise resolved. Resolve it when the application has started; in an extension, resolve it in the step started, or inside a hook or route that the step server adds.',
  );
  expect(application.resolve(Connection)).toBeInstanceOf(Connection);
  expect(opened).toBe(1);
});

test('an async provider has to be a singleton, a provider has to return something', async () => {
  @Configuration()
  class Wrong {
    @Provider({ token: 'later', scope: 'transient' })
    async later(): Promise<object> {
      return {};
    }
    @Provider({ token: 'nothing', scope: 'transient' })
    nothing(): void {}
  }
  const application = await start(applicationOf([Wrong]));
  expect(describeError(await rejection(Promise.resolve().then(() => application.resolve('later'))))).toBe(
    'TSK_ERR_COMPONENT_PROVIDER_ASYNC: Wrong.later() is async and has the scope transient: only singletons can be async, because only the start waits for promises. Make it a singleton, or return the object synchronously.',
  );
  expect(() => application.resolve('nothing')).toThrow(
    'Wrong.nothing() returned undefined. Return the component, or null if there is none.',
  );
});

test('a provider without a class to ask for it by fails the start', async () => {
  @Configuration()
  class Databases {
    @Provider()
    async pool(): Promise<object> {
      return {};
    }
  }
  expect(await startFailure(applicationOf([Databases]))).toBe(
    'TSK_ERR_COMPONENT_PROVIDER_TOKEN: Databases.pool() has the return type Promise, so nothing can inject its value. Declare a class as its return type, or write @Provider({ token }).',
  );
});

test('a provider can return null', async () => {
  @Configuration()
  class Optional {
    @Provider({ token: 'cache' })
    cache(): object | null {
      return null;
    }
  }
  expect((await start(applicationOf([Optional]))).resolve('cache')).toBeNull();
});
