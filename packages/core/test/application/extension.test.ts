import {
  type ApplicationContext,
  Configuration,
  Controller,
  CurrentConfiguration,
  CurrentLogger,
  CurrentScheduler,
  CurrentServer,
  type Extension,
  type ExtensionFactory,
  Get,
  Inject,
  OnStart,
  OnStop,
  Provider,
  registerExtension,
  Scheduled,
  Service,
} from '@tsukimi/core';
import { expect, test } from 'vitest';
import { applicationOf, describeError, rejection, start, startFailure } from '../start.js';

function named(name: string, into: string[]): () => Extension {
  return () => ({ name, configure: () => void into.push(name) });
}

test('the steps run in the order of start, and each extension in the order of registration', async () => {
  const events: string[] = [];
  @Service()
  class Store {
    constructor() {
      events.push('constructed');
    }
    @OnStart()
    begin(): void {
      events.push('start hook');
    }
    @OnStop()
    end(): void {
      events.push('stop hook');
    }
  }
  const recorder = (name: string) => (): Extension => ({
    name,
    configure: async () => void events.push(`${name} configure`),
    component: (definition) => void events.push(`${name} component ${definition.name}`),
    instance: (_instance, definition) => void events.push(`${name} instance ${definition.name}`),
    server: async () => void events.push(`${name} server`),
    started: async () => void events.push(`${name} started`),
    stopping: async () => void events.push(`${name} stopping`),
    stopped: async () => void events.push(`${name} stopped`),
  });
  const application = await start(applicationOf([Store]), { extensions: [recorder('a'), recorder('b')] });
  await application.close();
  expect(events).toEqual([
    ...['a configure', 'b configure', 'a component App', 'b component App', 'a component Store', 'b component Store'],
    ...['a server', 'b server', 'constructed', 'a instance Store', 'b instance Store', 'a instance App', 'b instance App'],
    ...['start hook', 'a started', 'b started', 'b stopping', 'a stopping', 'stop hook', 'b stopped', 'a stopped'],
  ]);
});

test('extensions come from the application class, its components, what they inject, then from the lists; each once', async () => {
  const events: string[] = [];
  const shared = named('shared', events);
  class Client {}
  registerExtension(Client, () => ({
    name: 'client',
    configure(context) {
      events.push('client');
      context.provide(Client, new Client());
    },
  }));
  registerExtension(Client, shared);
  @Service()
  class Store {
    constructor(readonly client: Client) {}
  }
  registerExtension(Store, named('store', events));
  registerExtension(Store, shared);
  const App = applicationOf([Store], { extensions: [shared, named('declared', events)] });
  registerExtension(App, named('application', events));
  const application = await start(App, { extensions: [named('option', events)] });
  expect(events).toEqual(['application', 'store', 'shared', 'client', 'declared', 'option']);
  expect(application.resolve(Store).client).toBe(application.resolve(Client));
});

test('an extension of a class is its subclasses’ too, and not that of an application without them', async () => {
  const events: string[] = [];
  @Service()
  class Base {}
  registerExtension(Base, named('base', events));
  @Service()
  class Derived extends Base {}
  @Service()
  class Unrelated {}
  await start(applicationOf([Unrelated]));
  expect(events).toEqual([]);
  await start(applicationOf([Derived]));
  expect(events).toEqual(['base']);
  await start(applicationOf([Base, Derived]));
  expect(events).toEqual(['base', 'base']);
});

test('a parameter of a provider method brings its extension along', async () => {
  class Client {}
  registerExtension(Client, () => ({ name: 'client', configure: (context) => context.provide(Client, new Client()) }));
  @Configuration()
  class Parts {
    @Provider({ token: 'part' })
    part(client: Client): object {
      return { client };
    }
  }
  const application = await start(applicationOf([Parts]));
  expect(application.resolve<{ client: Client }>('part').client).toBeInstanceOf(Client);
});

test('hooks and plugins of the server step apply to every route', async () => {
  @Controller('/orders')
  class Orders {
    @Get('/')
    list(): string[] {
      return [];
    }
  }
  const extension = (): Extension => ({
    name: 'headers',
    async server(fastify) {
      fastify.addHook('onRequest', async (_request, reply) => void reply.header('x-hook', 'yes'));
      fastify.register(async (scope) => void scope.get('/extra', async () => 'extra'));
    },
  });
  const application = await start(applicationOf([Orders]), { extensions: [extension] });
  expect((await application.inject('/orders')).headers['x-hook']).toBe('yes');
  expect((await application.inject('/extra')).body).toBe('extra');
});

test('a step that throws names the extension and the step, and keeps the cause', async () => {
  const cause = new RangeError('too far');
  const steps: readonly (keyof Extension)[] = ['configure', 'component', 'instance', 'server', 'started'];
  for (const step of steps) {
    const extension = () => ({
      name: 'far',
      [step]: () => {
        throw cause;
      },
    });
    const error = await rejection(start(applicationOf([]), { extensions: [extension] }));
    expect(describeError(error)).toBe(
      `TSK_ERR_APPLICATION_EXTENSION_FAILED: The extension far failed in its step ${step}: too far. Fix the cause, or remove the extension.`,
    );
    expect(error).toMatchObject({ cause });
  }
});

test('a plugin that fails to load, and a factory that throws, are named too', async () => {
  const plugin = (): Extension => ({
    name: 'broken',
    server: (fastify) => void fastify.register(async () => Promise.reject(new Error('no plugin'))),
  });
  expect(await startFailure(applicationOf([]), { extensions: [plugin] })).toContain(
    'The extension broken failed in its step server: no plugin.',
  );
  function makeBroken(): Extension {
    throw new Error('no factory');
  }
  expect(await startFailure(applicationOf([]), { extensions: [makeBroken] })).toContain(
    'The extension makeBroken failed in its step factory: no factory.',
  );
});

test('an error with a code of ours is passed on as it is', async () => {
  const extension = (): Extension => ({ name: 'x', configure: (context) => void context.resolve('y') });
  expect(await startFailure(applicationOf([]), { extensions: [extension] })).toBe(
    'TSK_ERR_APPLICATION_CONTAINER_CLOSED: resolve() was called before the container was ready. Provide values in the step configure, and resolve them in the step server or later.',
  );
});

test('values are provided in configure only', async () => {
  const extension = (): Extension => ({ name: 'x', started: (context) => context.provide('late', 1) });
  expect(await startFailure(applicationOf([]), { extensions: [extension] })).toContain(
    'TSK_ERR_APPLICATION_CONTAINER_CLOSED: provide() was called after configure.',
  );
});

test('the context describes the application', async () => {
  const contexts: ApplicationContext[] = [];
  @Service()
  class Store {}
  const App = applicationOf([Store]);
  const extension = (): Extension => ({ name: 'x', configure: (given) => void contexts.push(given) });
  const application = await start(App, { extensions: [extension], configuration: { app: { name: 'shop' } } });
  const [context] = contexts;
  expect(context?.applicationClass).toBe(App);
  expect(context?.components.map(({ name, kind }) => [name, kind])).toEqual([
    ['App', 'application'],
    ['Store', 'service'],
  ]);
  expect(context?.resolve(Store)).toBe(application.resolve(Store));
  expect(context?.configuration).toBe(application.configuration);
  expect(context?.scheduler).toBe(application.scheduler);
  expect(context?.logger).toBe(application.logger);
  expect(application.name).toBe('shop');
});

test('definitions contain the dependencies', async () => {
  @Service()
  class Store {}
  @Configuration()
  class Parts {
    @Provider({ token: 'part', name: 'Part' })
    part(_store: Store): object {
      return {};
    }
  }
  @Service({ name: 'Front' })
  class FrontService {
    constructor(
      readonly store: Store,
      @Inject('part') readonly part: object,
    ) {}
  }
  const definitions: unknown[] = [];
  const extension = (): Extension => ({ name: 'x', component: (definition) => void definitions.push(definition) });
  await start(applicationOf([Store, Parts, FrontService]), { extensions: [extension] });
  expect(definitions.slice(2)).toEqual([
    { name: 'Parts', kind: 'configuration', scope: 'singleton', token: Parts, type: Parts, dependencies: [] },
    {
      ...{ name: 'Part', kind: 'provider', scope: 'singleton', token: 'part', type: undefined },
      ...{ dependencies: [{ index: 0, token: Store }], provider: { configuration: Parts, method: 'part' } },
    },
    {
      ...{ name: 'Front', kind: 'service', scope: 'singleton', token: FrontService, type: FrontService },
      dependencies: [
        { index: 0, token: Store },
        { index: 1, token: 'part' },
      ],
    },
  ]);
});

test('parts of the application itself can be injected', async () => {
  @Service()
  class Inside {
    constructor(
      @Inject(CurrentConfiguration) readonly configuration: Configuration,
      @Inject(CurrentLogger) readonly logger: object,
      @Inject(CurrentScheduler) readonly scheduler: object,
      @Inject(CurrentServer) readonly fastify: object,
    ) {}
  }
  const application = await start(applicationOf([Inside]));
  expect({ ...application.resolve(Inside) }).toEqual({
    configuration: application.configuration,
    logger: application.logger,
    scheduler: application.scheduler,
    fastify: application.fastify,
  });
});

test('task steps go around each run, the first outermost', async () => {
  const events: string[] = [];
  @Service()
  class Jobs {
    @Scheduled({ fixedRate: 60_000 })
    tidy(): void {
      events.push('run');
    }
  }
  const around = (name: string) => (): Extension => ({
    name,
    async task(definition, run) {
      events.push(`${name} before ${definition.name}`);
      await run();
      events.push(`${name} after`);
    },
  });
  const application = await start(applicationOf([Jobs]), { extensions: [around('a'), around('b')] });
  await application.scheduler.run('Jobs.tidy');
  expect(events).toEqual(['a before Jobs.tidy', 'b before Jobs.tidy', 'run', 'b after', 'a after']);
});

class Database {
  readonly name = 'moon';
}

@Configuration()
class Databases {
  @Provider({ token: Database })
  async database(): Promise<Database> {
    await new Promise(setImmediate);
    return new Database();
  }
}

test('what an async provider makes is resolved in the hook or route that the server step adds, and in started, but not in the step', async () => {
  const seen: string[] = [];
  const extension: ExtensionFactory = () => ({
    name: 'database',
    server(fastify, context) {
      fastify.get('/database', async () => ({ name: context.resolve(Database).name }));
    },
    started: (context) => void seen.push(context.resolve(Database).name),
  });
  const app = await start(applicationOf([Databases], { extensions: [extension] }));
  expect((await app.inject('/database')).json()).toEqual({ name: 'moon' });
  expect(seen).toEqual(['moon']);
  const early: ExtensionFactory = () => ({ name: 'early', server: (_fastify, context) => void context.resolve(Database) });
  expect(await startFailure(applicationOf([Databases], { extensions: [early] }))).toBe(
    'TSK_ERR_COMPONENT_PROVIDER_NOT_READY: Databases.database() is async, and was resolved before its promise resolved. Resolve it when the application has started; ' +
      'in an extension, resolve it in the step started, or inside a hook or route that the step server adds.',
  );
});
