import { Component, Configuration, Controller, type Extension, Get, Inject, Provider, Repository, Service } from '@tsukimi/core';
import { expect, test } from 'vitest';
import { applicationOf, rejection, start, startFailure } from '../start.js';

@Repository()
class Orders {
  readonly #rows = [1, 2];
  count(): number {
    return this.#rows.length;
  }
}

@Service()
class OrderService {
  constructor(readonly orders: Orders) {}
}

@Component()
class Report {
  constructor(
    readonly service: OrderService,
    readonly orders: Orders,
  ) {}
}

test('injects singletons by type, one instance for all', async () => {
  const application = await start(applicationOf([Report, OrderService, Orders]));
  const report = application.resolve(Report);
  expect(report.service.orders).toBe(report.orders);
  expect(report.orders.count()).toBe(2);
  expect(application.resolve(OrderService)).toBe(report.service);
});

test('two applications share no instance', async () => {
  const application = applicationOf([Orders]);
  const [first, second] = [await start(application), await start(application)];
  expect(first.resolve(Orders)).not.toBe(second.resolve(Orders));
});

test('the application class is a component, and its constructor is injected', async () => {
  class App {
    constructor(readonly orders: Orders) {}
  }
  Inject(Orders)(App, undefined, 0);
  const { Application } = await import('@tsukimi/core');
  Application({ components: [Orders] })(App);
  const application = await start(App);
  expect(application.resolve(App).orders).toBe(application.resolve(Orders));
});

test('a transient component is created for each injection', async () => {
  @Service({ scope: 'transient' })
  class Cursor {}
  @Service()
  class First {
    constructor(readonly cursor: Cursor) {}
  }
  @Service()
  class Second {
    constructor(readonly cursor: Cursor) {}
  }
  const application = await start(applicationOf([Cursor, First, Second]));
  const [first, second] = [application.resolve(First), application.resolve(Second)];
  expect(first.cursor).toBeInstanceOf(Cursor);
  expect(first.cursor).not.toBe(second.cursor);
  expect(application.resolve(First).cursor).toBe(first.cursor);
  expect(application.resolve(Cursor)).not.toBe(application.resolve(Cursor));
});

test('a request-scoped component is one instance for each request', async () => {
  let made = 0;
  @Service({ scope: 'request' })
  class Visit {
    readonly number = ++made;
  }
  @Service({ scope: 'request' })
  class Audit {
    constructor(readonly visit: Visit) {}
  }
  @Controller('/visits', { scope: 'request' })
  class Visits {
    constructor(
      readonly visit: Visit,
      readonly audit: Audit,
      readonly orders: Orders,
    ) {}
    @Get('/')
    show() {
      return { number: this.visit.number, same: this.visit === this.audit.visit, orders: this.orders.count() };
    }
  }
  const application = await start(applicationOf([Visit, Audit, Visits, Orders]));
  expect((await application.inject('/visits')).json()).toEqual({ number: 1, same: true, orders: 2 });
  expect((await application.inject('/visits')).json()).toEqual({ number: 2, same: true, orders: 2 });
});

test('every instance passes the extensions once, before anyone else gets it', async () => {
  class Pool {}
  @Configuration()
  class Databases {
    @Provider()
    pool(): Pool {
      return new Pool();
    }
  }
  @Service({ scope: 'transient' })
  class Cursor {}
  const seenByReader: boolean[] = [];
  const seen = new Map<object, string>();
  @Service()
  class Reader {
    constructor(
      readonly pool: Pool,
      readonly cursor: Cursor,
    ) {
      seenByReader.push(seen.has(pool), seen.has(cursor));
    }
  }
  const names: string[] = [];
  const watch = (): Extension => ({
    name: 'watch',
    instance(instance, definition) {
      expect(seen.has(instance)).toBe(false);
      seen.set(instance, definition.name);
      names.push(`${definition.kind} ${definition.name}`);
    },
  });
  const application = await start(applicationOf([Reader, Databases, Cursor]), { extensions: [watch] });
  expect(names).toEqual(['configuration Databases', 'provider Pool', 'service Cursor', 'service Reader', 'application App']);
  expect(seenByReader).toEqual([true, true]);
  application.resolve(Reader);
  application.resolve(Pool);
  expect(names).toHaveLength(5);
  application.resolve(Cursor);
  expect(names).toHaveLength(6);
});

test('a subclass without a constructor inherits that of its base class, tokens included', async () => {
  class Base {
    constructor(
      readonly orders: Orders,
      @Inject('name') readonly name: string,
    ) {}
  }
  @Service()
  class Derived extends Base {}
  @Service()
  class Alone extends Base {
    constructor() {
      super({ count: () => 0 } as unknown as Orders, 'fixed');
    }
  }
  const named = (): Extension => ({ name: 'named', configure: (context) => context.provide('name', 'given') });
  const application = await start(applicationOf([Derived, Alone, Orders]), { extensions: [named] });
  expect(application.resolve(Derived).orders).toBe(application.resolve(Orders));
  expect(application.resolve(Derived).name).toBe('given');
  expect(application.resolve(Alone).name).toBe('fixed');
});

test('without decorator metadata every parameter with @Inject works', async () => {
  // What esbuild makes of decorated classes: decorators are called, no types are emitted.
  class Store {
    constructor(
      readonly orders: Orders,
      readonly limit: unknown,
    ) {}
  }
  Inject(Orders)(Store, undefined, 0);
  Inject('limit')(Store, undefined, 1);
  Service()(Store);
  const limit = (): Extension => ({ name: 'limit', configure: (context) => context.provide('limit', undefined) });
  const application = await start(applicationOf([Store, Orders]), { extensions: [limit] });
  expect(application.resolve(Store).orders).toBe(application.resolve(Orders));
  expect(application.resolve(Store).limit).toBeUndefined();
});

test('a parameter with a default keeps it where the application has nothing for it', async () => {
  class Clock {
    now = (): number => 7;
  }
  @Service()
  class Reader {
    constructor(
      readonly orders: Orders,
      readonly clock: Clock = new Clock(),
      readonly now: () => number = () => 42,
    ) {}
  }
  const reader = (await start(applicationOf([Reader, Orders]))).resolve(Reader);
  expect(reader.clock.now()).toBe(7);
  expect(reader.now()).toBe(42);
  Component()(Clock);
  const application = await start(applicationOf([Reader, Orders, Clock]));
  expect(application.resolve(Reader).clock).toBe(application.resolve(Clock));
});

test('resolving what the application does not have names it and its nearest', async () => {
  const application = await start(applicationOf([OrderService, Orders]));
  class Order {}
  expect(() => application.resolve(Order)).toThrow('Order was resolved, but is not a component of this application. Did you mean Orders?');
  expect(() => application.resolve('missing')).toThrow('"missing" was resolved, but is not a component of this application. Decorate');
});

test('resolving a request-scoped component outside of a request says so', async () => {
  @Service({ scope: 'request' })
  class Visit {}
  const application = await start(applicationOf([Visit]));
  expect(() => application.resolve(Visit)).toThrow('Visit lives for one HTTP request, but was resolved outside of a request.');
});

test('what a constructor throws is passed on as it is', async () => {
  const problem = new TypeError('no disk');
  @Service({ scope: 'transient' })
  class Disk {
    constructor() {
      throw problem;
    }
  }
  @Service()
  class Files {
    constructor(readonly disk: Disk) {}
  }
  expect(await rejection(start(applicationOf([Files, Disk])))).toBe(problem);
});

test('declaring a class twice names both roles; a decorator without parentheses says so', () => {
  class Twice {}
  Service()(Twice);
  expect(() => Repository()(Twice)).toThrow('Twice is declared as service and again as repository. Keep one of the two decorators.');
  expect(() => (Service as unknown as (target: unknown) => void)(class Bare {})).toThrow(
    '@Service on Bare was written without parentheses. Write @Service().',
  );
});

test('the types that the compiler emitted stay as they were', () => {
  class Base {
    constructor(readonly name: string) {}
  }
  Reflect.defineMetadata('design:paramtypes', [String], Base);
  Inject('name')(Base, undefined, 0);
  Service()(Base);
  expect(Reflect.getOwnMetadata('design:paramtypes', Base)).toEqual([String]);
});

// What class-replacing decorators do: the class they give has another identity.
function replaced<C extends new (...args: never[]) => object>(target: C): C {
  const Replacement = class extends (target as unknown as new (...args: unknown[]) => object) {};
  Object.defineProperty(Replacement, 'name', { value: target.name });
  return Replacement as unknown as C;
}

test('a class that a decorator below the role has replaced keeps its dependencies', async () => {
  class Passing {
    constructor(readonly orders: Orders) {}
  }
  Inject(Orders)(Passing, undefined, 0);
  class Forwarding extends Passing {
    constructor(...parameters: [Orders]) {
      super(...parameters);
    }
  }
  const Implicit = replaced(Passing);
  Service({ name: 'Forwarding' })(Forwarding);
  Service({ name: 'Implicit' })(Implicit);
  const application = await start(applicationOf([Forwarding, Implicit, Orders]));
  expect(application.resolve(Forwarding).orders).toBe(application.resolve(Orders));
  expect(application.resolve(Implicit).orders).toBe(application.resolve(Orders));
});

test('a class that replaced a component is not a component, and the error says why', async () => {
  class Store {}
  Service()(Store);
  const Replaced = replaced(Store);
  class Reader {
    constructor(readonly store: object) {}
  }
  Inject(Replaced)(Reader, undefined, 0);
  Service()(Reader);
  expect(await startFailure(applicationOf([Store, Reader]))).toContain(
    'Reader: constructor parameter 1 (store) asks for Store, which is not a component of this application. Another class of that name is a component: a decorator above Store replaces the class, or its file is loaded twice.',
  );
});
