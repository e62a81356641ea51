import { Component, Configuration, Controller, CurrentRequest, Get, Inject, OnStart, Provider, Repository, Service } from '@tsukimi/core';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applicationOf, logSink, start, startFailure, warningsIn } from '../start.js';

test('a circular dependency prints the path and the way out', async () => {
  @Service()
  class Orders {
    constructor(@Inject('invoices') readonly invoices: object) {}
  }
  @Service()
  class Customers {
    constructor(readonly orders: Orders) {}
  }
  class Invoices {
    constructor(readonly customers: Customers) {}
  }
  @Configuration()
  class Parts {
    @Provider({ token: 'invoices' })
    invoices(customers: Customers): Invoices {
      return new Invoices(customers);
    }
  }
  @Service()
  class Entry {
    constructor(readonly orders: Orders) {}
  }
  expect(await startFailure(applicationOf([Entry, Orders, Customers, Parts]))).toBe(
    'TSK_ERR_COMPONENT_DEPENDENCY_CIRCULAR: Components depend on each other in a circle: Orders -> Parts.invoices() -> Customers -> Orders. Move what they share into a third class and inject it into both, or let one component pass itself to the other in an @OnStart() method.',
  );
});

test('the way out of a circle works: one hands itself over in a start hook', async () => {
  @Service()
  class Store {
    cache: Cache | undefined;
  }
  @Service()
  class Cache {
    constructor(readonly store: Store) {}
    @OnStart()
    attach(): void {
      this.store.cache = this;
    }
  }
  const application = await start(applicationOf([Store, Cache]));
  expect(application.resolve(Store).cache).toBe(application.resolve(Cache));
});

test('a component that needs itself is a circle of one', async () => {
  @Service()
  class Narcissus {
    constructor(@Inject('self') readonly self: object) {}
  }
  @Configuration()
  class Mirror {
    @Provider({ token: 'self' })
    self(narcissus: Narcissus): object {
      return narcissus;
    }
  }
  expect(await startFailure(applicationOf([Narcissus, Mirror]))).toContain('Narcissus -> Mirror.self() -> Narcissus');
});

test('an unregistered class names the class, the parameter, what was seen and both fixes', async () => {
  class Mailer {}
  @Service()
  class Signup {
    constructor(readonly mailer: Mailer) {}
  }
  expect(await startFailure(applicationOf([Signup]))).toBe(
    'TSK_ERR_COMPONENT_DEPENDENCY_UNREGISTERED: Signup: constructor parameter 1 (mailer) asks for Mailer, which is not a component of this application. Decorate Mailer with @Service(), @Repository() or @Component(), and make sure that it is imported, or listed in the components of @Application, and active in this profile. Or add @Inject(Token) to the parameter.',
  );
});

test('an abstract class names the components that extend it', async () => {
  abstract class Mailer {
    abstract send(): void;
  }
  @Service()
  class SmtpMailer extends Mailer {
    send(): void {}
  }
  @Service()
  class Signup {
    constructor(readonly mailer: Mailer) {}
  }
  expect(await startFailure(applicationOf([SmtpMailer, Signup]))).toContain('Or inject SmtpMailer, which extends it.');
});

test('an unregistered name says where to provide it', async () => {
  @Configuration()
  class Parts {
    @Provider({ token: 'pool' })
    pool(@Inject('url') _url: string): object {
      return {};
    }
  }
  expect(await startFailure(applicationOf([Parts]))).toBe(
    'TSK_ERR_COMPONENT_DEPENDENCY_UNREGISTERED: Parts.pool(): parameter 1 (_url) asks for "url", which is not a component of this application. Provide it with @Provider({ token }) in a @Configuration class, or from an extension.',
  );
});

interface Mail {
  send(): void;
}

test('a base class without a decorator, of which no compiler tells the types', async () => {
  @Service()
  class Store {}
  class Base {
    constructor(readonly store: Store) {}
  }
  @Service()
  class Derived extends Base {}
  expect(await startFailure(applicationOf([Store, Derived]))).toBe(
    'TSK_ERR_COMPONENT_PARAMETER_TYPE: Derived: constructor parameter 1 (store) has no type, because the compiler emitted none. The constructor is inherited from Base, and compilers emit types only for classes with a decorator. Add @Inject(Token) to the parameter there, or add a constructor to the class.',
  );
  class Marked {
    constructor(@Inject(Store) readonly store: Store) {}
  }
  @Service()
  class Fixed extends Marked {}
  const application = await start(applicationOf([Store, Fixed]));
  expect(application.resolve(Fixed).store).toBe(application.resolve(Store));
});

test('an interface without @Inject names class, parameter and both fixes', async () => {
  class Other {}
  @Service()
  class Signup {
    constructor(
      readonly other: Other,
      readonly mail: Mail,
    ) {}
  }
  expect(await startFailure(applicationOf([Signup]))).toBe(
    'TSK_ERR_COMPONENT_PARAMETER_TYPE: Signup: constructor parameter 2 (mail) has the type Object, which is not a component. Import its class with "import", not "import type", from a file that does not import this one back. If the type is not a class, add @Inject(Token).',
  );
});

test('a function, a missing type and a primitive are refused likewise', async () => {
  @Service()
  class Clocked {
    constructor(readonly now: () => number) {}
  }
  class Untyped {
    constructor(readonly store: unknown) {}
  }
  Service()(Untyped);
  @Service()
  class Limited {
    constructor(readonly limit: number) {}
  }
  expect(await startFailure(applicationOf([Clocked]))).toContain(
    'Clocked: constructor parameter 1 (now) has the type Function, which is not a component.',
  );
  expect(await startFailure(applicationOf([Untyped]))).toContain(
    'Untyped: constructor parameter 1 (store) has no type, because the compiler emitted none. Build with a compiler that emits decorator metadata',
  );
  expect(await startFailure(applicationOf([Limited]))).toBe(
    "TSK_ERR_COMPONENT_PARAMETER_TYPE: Limited: constructor parameter 1 (limit) has the type Number, which is not a component. Add @Value('${some.key}') for a configuration value, or @Inject(Token).",
  );
});

test('the configuration is injected by its token: as a type it is an interface', async () => {
  @Service()
  class Reader {
    constructor(readonly configuration: Configuration) {}
  }
  expect(await startFailure(applicationOf([Reader]))).toMatch(
    /^TSK_ERR_COMPONENT_PARAMETER_TYPE: Reader: constructor parameter 1 \(configuration\) has the type (Configuration|Object), which is not a component\..* add @Inject\(Token\)\.$/,
  );
});

test('a singleton on something that lives for a request is refused, through a transient too', async () => {
  @Service({ scope: 'request' })
  class Visit {}
  @Service({ scope: 'transient' })
  class Between {
    constructor(readonly visit: Visit) {}
  }
  @Service()
  class Forever {
    constructor(readonly between: Between) {}
  }
  @Controller('/', {})
  class Direct {
    constructor(@Inject(CurrentRequest) readonly request: object) {}
    @Get('/')
    get(): void {}
  }
  expect(await startFailure(applicationOf([Visit, Between, Forever]))).toBe(
    "TSK_ERR_COMPONENT_DEPENDENCY_SCOPE: Forever lives as long as the application, but depends on Visit, which lives for one request: Forever -> Between -> Visit. Give Forever the scope too: { scope: 'request' }.",
  );
  expect(await startFailure(applicationOf([Direct]))).toContain('Direct -> Symbol(CurrentRequest). Give Direct the scope too');
});

test('two providers for one token name both', async () => {
  class Pool {}
  @Configuration()
  class First {
    @Provider()
    pool(): Pool {
      return new Pool();
    }
  }
  @Configuration()
  class Second {
    @Provider()
    pool(): Pool {
      return new Pool();
    }
  }
  expect(await startFailure(applicationOf([First, Second]))).toBe(
    'TSK_ERR_COMPONENT_TOKEN_TAKEN: Pool is provided by First.pool() and by Second.pool(). Remove one of them, use a different token for one, or activate them in different profiles with @Profile.',
  );
  const extension = () => ({
    name: 'pools',
    configure: (context: { provide(token: typeof Pool, value: Pool): void }) => context.provide(Pool, new Pool()),
  });
  expect(await startFailure(applicationOf([First]), { extensions: [extension] })).toContain(
    'Pool is provided by an extension and by First.pool().',
  );
});

test('two components with one name are warned about: their metrics add up', async () => {
  @Repository({ name: 'Store' })
  class UserStore {}
  @Repository({ name: 'Store' })
  class OrderStore {}
  const { lines, logger } = logSink();
  await start(applicationOf([UserStore, OrderStore]), { logger });
  expect(warningsIn(lines)).toEqual(['UserStore and OrderStore are both called Store and share their metrics: rename one of them']);
});

test('in any graph without a cycle, each component is created once and after its dependencies', async () => {
  // Each number is a component; it may need any with a smaller number. They are listed in a random order.
  const graphs = fc.integer({ min: 1, max: 8 }).chain((size) =>
    fc.record({
      edges: fc.array(fc.tuple(fc.nat(size - 1), fc.nat(size - 1)), { maxLength: 15 }),
      order: fc.shuffledSubarray(
        Array.from({ length: size }, (_, index) => index),
        { minLength: size },
      ),
    }),
  );
  await fc.assert(
    fc.asyncProperty(graphs, async ({ edges, order }) => {
      const made: number[] = [];
      const needs = (index: number) => [...new Set(edges.filter(([from, to]) => from === index && to < from).map(([, to]) => to))];
      const classes = order.map((index) => nodeClass(index, needs(index), made));
      const application = await start(applicationOf(classes));
      await application.close();
      expect([...made].sort((a, b) => a - b)).toEqual([...order].sort((a, b) => a - b));
      for (const index of order) for (const need of needs(index)) expect(made.indexOf(need)).toBeLessThan(made.indexOf(index));
    }),
    { numRuns: 25 },
  );
});

function nodeClass(index: number, needs: readonly number[], made: number[]) {
  class Node {
    constructor() {
      made.push(index);
    }
  }
  class Parts {
    make(): Node {
      return new Node();
    }
  }
  for (const [position, need] of needs.entries()) Inject(`node ${need}`)(Parts.prototype, 'make', position);
  Provider({ token: `node ${index}` })(Parts.prototype, 'make');
  Configuration()(Parts);
  return Parts;
}

test('a hook on what the application does not keep is refused', async () => {
  @Component({ scope: 'transient' })
  class Cursor {
    @OnStart()
    open(): void {}
  }
  expect(await startFailure(applicationOf([Cursor]))).toBe(
    'TSK_ERR_APPLICATION_HOOK_SCOPE: Cursor has the scope transient, so its hook open would never run: the application starts and stops singletons. Make it a singleton, or remove the hook.',
  );
});
