/** `@Timed`, `@Counted` and `@Gauged`: metrics of single methods, under names of the user's own. */
import { Application, type Class, Component, Controller, Get, Service } from '@tsukimi/core';
import { Counted, Gauged, Instrumented, instrument, Timed } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { withClock } from '../support/registry-with-clock.js';
import { jsonView, linesOf, textLines } from '../support/scrape.js';
import { bareApplication, instrumentedApplication, start, startFailure } from '../support/start.js';
import { thrownBy } from '../support/thrown-by.js';

describe('every kind of method', () => {
  class Moon {
    constructor(readonly pass: (ms: number) => void) {}

    @Timed({ name: 'sync_seconds' })
    @Counted({ name: 'sync_total' })
    sync(fails: boolean): string {
      this.pass(5);
      if (fails) throw new Error('clouds');
      return 'moon';
    }

    @Counted({ name: 'async_total' })
    @Timed({ name: 'async_seconds' })
    async async(fails: boolean): Promise<string> {
      await null;
      this.pass(7);
      if (fails) throw new Error('clouds');
      return 'moon';
    }

    @Timed({ name: 'generator_seconds' })
    @Counted({ name: 'generator_total' })
    *generator(fails: boolean): Generator<string> {
      yield 'new';
      this.pass(11);
      if (fails) throw new Error('clouds');
      yield 'full';
    }

    @Timed({ name: 'stream_seconds' })
    @Counted({ name: 'stream_total' })
    async *stream(fails: boolean): AsyncGenerator<string> {
      yield 'new';
      this.pass(13);
      if (fails) throw new Error('clouds');
      yield 'full';
    }

    @Timed({ name: 'query_seconds' })
    @Counted({ name: 'query_total' })
    query(fails: boolean): PromiseLike<string> {
      const settle = (): Promise<string> => {
        this.pass(17);
        return fails ? Promise.reject(new Error('clouds')) : Promise.resolve('moon');
      };
      // biome-ignore lint/suspicious/noThenProperty: a lazy query, as query builders are.
      return { then: (onFulfilled, onRejected) => settle().then(onFulfilled, onRejected) };
    }
  }

  async function phasesOf(stream: AsyncIterable<string>): Promise<string[]> {
    const phases: string[] = [];
    for await (const phase of stream) phases.push(phase);
    return phases;
  }

  async function drain(moon: Moon, method: keyof Moon, fails: boolean): Promise<unknown> {
    switch (method) {
      case 'generator':
        return [...moon.generator(fails)];
      case 'stream':
        return await phasesOf(moon.stream(fails));
      default:
        return await (moon[method] as (fails: boolean) => unknown)(fails);
    }
  }

  test.each([
    ['sync', 0.005, 'moon'],
    ['async', 0.007, 'moon'],
    ['generator', 0.011, ['new', 'full']],
    ['stream', 0.013, ['new', 'full']],
    ['query', 0.017, 'moon'],
  ] as const)('%s: timed to its end, counted by its outcome, its result untouched', async (name, seconds, result) => {
    const { registry, pass, lines } = withClock();
    const moon = instrument(new Moon(pass), { registry });
    const method = name as keyof Moon;
    expect(await drain(moon, method, false)).toEqual(result);
    expect(await drain(moon, method, false)).toEqual(result);
    await expect(drain(moon, method, true)).rejects.toThrow('clouds');
    expect(await lines(`${name}_seconds`)).toEqual([
      expect.stringMatching(new RegExp(`^${name}_seconds_sum ${String(Math.round(seconds * 3000) / 1000).replace('.', '\\.')}\\d*$`)),
      `${name}_seconds_count 3`,
    ]);
    expect(await lines(`${name}_total`)).toEqual([`${name}_total{status="success"} 2`, `${name}_total{status="failure"} 1`]);
  });
});

describe('@Gauged', () => {
  test('tells how many calls are under way, and none once they have ended', async () => {
    const gates: { resolve(): void; reject(reason: unknown): void }[] = [];
    class Queue {
      @Gauged({ name: 'jobs_running', help: 'Jobs.', labels: { queue: 'mail' } })
      work(): Promise<void> {
        return new Promise((resolve, reject) => gates.push({ resolve, reject }));
      }
      @Gauged({ name: 'jobs_running', labels: { queue: 'now' } })
      now(): void {
        throw new Error('now');
      }
      @Gauged({ name: 'steps_running' })
      *steps(): Generator<number> {
        yield 1;
        yield 2;
      }
    }
    const { registry, lines } = withClock();
    const queue = instrument(new Queue(), { registry });
    const running = () => lines('jobs_running', 'steps_running');
    expect(await running()).toEqual(['jobs_running{queue="mail"} 0', 'jobs_running{queue="now"} 0', 'steps_running 0']);
    const [first, second] = [queue.work(), queue.work()];
    expect(() => queue.now()).toThrow('now');
    const steps = queue.steps();
    steps.next();
    expect(await running()).toEqual(['jobs_running{queue="mail"} 2', 'jobs_running{queue="now"} 0', 'steps_running 1']);
    gates[0]?.resolve();
    gates[1]?.reject(new Error('no'));
    await first;
    await expect(second).rejects.toThrow('no');
    steps.return(undefined);
    expect(await running()).toEqual(['jobs_running{queue="mail"} 0', 'jobs_running{queue="now"} 0', 'steps_running 0']);
  });
});

describe('labels, buckets and help', () => {
  test('are the ones that are told', async () => {
    class Shop {
      @Timed({ name: 'sale_seconds', help: 'Time of a sale.', labels: { till: 1, open: true }, buckets: [0.1, 1] })
      sell() {}
    }
    const { registry } = withClock();
    instrument(new Shop(), { registry }).sell();
    expect(await registry.expose({ names: ['sale_seconds'] })).toBe(
      [
        '# HELP sale_seconds Time of a sale.',
        '# TYPE sale_seconds histogram',
        'sale_seconds_bucket{till="1",open="true",le="0.1"} 1',
        'sale_seconds_bucket{till="1",open="true",le="1"} 1',
        'sale_seconds_bucket{till="1",open="true",le="+Inf"} 1',
        'sale_seconds_sum{till="1",open="true"} 0',
        'sale_seconds_count{till="1",open="true"} 1',
        '',
      ].join('\n'),
    );
  });

  test('one name may be shared by methods, classes and what is recorded by hand', async () => {
    class Shop {
      @Counted({ name: 'writes_total', labels: { table: 'orders' } })
      order() {}
      @Counted({ name: 'writes_total', labels: { table: 'users' } })
      user() {}
    }
    class Archive {
      @Counted({ name: 'writes_total', labels: { table: 'orders' } })
      order() {}
    }
    const { registry, lines } = withClock();
    const [shop, archive] = [instrument(new Shop(), { registry }), instrument(new Archive(), { registry })];
    shop.order();
    shop.user();
    archive.order();
    registry.recordMetric('writes_total', 5, { table: 'users', status: 'success' });
    expect((await lines('writes_total')).filter((line) => !line.endsWith(' 0'))).toEqual([
      'writes_total{table="orders",status="success"} 2',
      'writes_total{table="users",status="success"} 6',
    ]);
  });
});

describe('in an application', () => {
  @Service()
  class OrderService {
    @Timed({ name: 'order_creation_seconds' })
    @Instrumented({ enabled: false })
    @Counted({ name: 'orders_created_total', labels: { kind: 'web' } })
    create() {
      return { id: 1 };
    }
    list() {
      return [];
    }
    @Counted({ name: 'orders_packed_total' })
    readonly pack = () => 'packed';
  }

  const own = async (app: Parameters<typeof textLines>[0]) =>
    (await textLines(app)).filter((line) => /^order/.test(line) && !/_bucket|_sum/.test(line));

  const AT_ZERO = [
    'order_creation_seconds_count 0',
    'orders_created_total{kind="web",status="success"} 0',
    'orders_created_total{kind="web",status="failure"} 0',
    'orders_packed_total{status="success"} 0',
    'orders_packed_total{status="failure"} 0',
  ];

  test('they are there at 0 from the start, and count', async () => {
    const { app } = await start(instrumentedApplication([OrderService]));
    expect(await own(app)).toEqual(AT_ZERO);
    const orders = app.resolve(OrderService);
    expect([orders.create(), orders.pack()]).toEqual([{ id: 1 }, 'packed']);
    expect(await own(app)).toEqual([
      'order_creation_seconds_count 1',
      'orders_created_total{kind="web",status="success"} 1',
      'orders_created_total{kind="web",status="failure"} 0',
      'orders_packed_total{status="success"} 1',
      'orders_packed_total{status="failure"} 0',
    ]);
  });

  test('they are beside the component’s own metrics, whose choice is not theirs', async () => {
    const { app } = await start(instrumentedApplication([OrderService]));
    const orders = app.resolve(OrderService);
    orders.create();
    orders.list();
    orders.pack();
    const { methods } = (await jsonView(app)).instrumentation.components.OrderService;
    expect(Object.fromEntries(Object.entries<{ calls: number }>(methods).map(([name, { calls }]) => [name, calls]))).toEqual({
      list: 1,
      pack: 1,
    });
  });

  test('they need no other decorator, and measure nothing else', async () => {
    const { app } = await start(bareApplication([OrderService]));
    const orders = app.resolve(OrderService);
    orders.create();
    orders.list();
    expect((await own(app)).slice(0, 2)).toEqual(['order_creation_seconds_count 1', 'orders_created_total{kind="web",status="success"} 1']);
    expect(await linesOf(app, 'component_calls_total')).toEqual([]);
    expect((await jsonView(app)).instrumentation.components).toEqual({});
    expect(Object.hasOwn(orders, 'list')).toBe(false);
  });

  test('they stay where the component is opted out, or its methods are excluded', async () => {
    @Instrumented({ enabled: false })
    @Component()
    class Silent {
      @Counted({ name: 'silent_total' })
      work() {}
    }
    const configuration = { instrumentation: { exclude: ['OrderService.*'] } };
    const { app, warnings } = await start(instrumentedApplication([OrderService, Silent]), { configuration });
    app.resolve(Silent).work();
    app.resolve(OrderService).pack();
    expect(warnings()).toEqual([]);
    expect(await linesOf(app, 'silent_total')).toEqual(['silent_total{status="success"} 1', 'silent_total{status="failure"} 0']);
    expect(await linesOf(app, 'orders_packed_total')).toContain('orders_packed_total{status="success"} 1');
    expect(await linesOf(app, 'component_calls_total')).toEqual([]);
  });

  test('instrumentation.enabled: false leaves the methods alone', async () => {
    const { app } = await start(bareApplication([OrderService]), { configuration: { instrumentation: { enabled: false } } });
    const orders = app.resolve(OrderService);
    orders.create();
    expect(Object.hasOwn(orders, 'create')).toBe(false);
    expect(await own(app)).toEqual([]);
  });

  test('either order of all decorators gives the same', async () => {
    const decorators = [Instrumented(), Timed({ name: 'x_seconds' }), Counted({ name: 'x_total' }), Gauged({ name: 'x_running' })];
    for (const order of [decorators, [...decorators].reverse()]) {
      class Any {
        work() {}
      }
      for (const decorate of order)
        decorate(Any.prototype, 'work', Object.getOwnPropertyDescriptor(Any.prototype, 'work') as PropertyDescriptor);
      Component()(Any);
      const { app } = await start(bareApplication([Any]));
      app.resolve(Any).work();
      const names = ['x_seconds_count', 'x_total', 'x_running', 'component_calls_total'];
      const lines = await Promise.all(names.map((name) => linesOf(app, name)));
      expect(lines.flat()).toEqual([
        'x_seconds_count 1',
        'x_total{status="success"} 1',
        'x_total{status="failure"} 0',
        'x_running 0',
        'component_calls_total{component="Any",method="work",status="success"} 1',
        'component_calls_total{component="Any",method="work",status="failure"} 0',
      ]);
    }
  });

  test('request handlers have them too', async () => {
    @Controller('/moons')
    class MoonController {
      @Get('/')
      @Counted({ name: 'moons_asked_total' })
      all() {
        return ['Luna'];
      }
    }
    const { app } = await start(bareApplication([MoonController]));
    expect((await app.inject('/moons')).json()).toEqual(['Luna']);
    expect(await linesOf(app, 'moons_asked_total')).toContain('moons_asked_total{status="success"} 1');
  });

  test('two applications share nothing', async () => {
    const [one, two] = [await start(bareApplication([OrderService])), await start(bareApplication([OrderService]))];
    one.app.resolve(OrderService).create();
    expect([await own(one.app), await own(two.app)].map((lines) => lines[0])).toEqual([
      'order_creation_seconds_count 1',
      'order_creation_seconds_count 0',
    ]);
  });
});

describe('a subclass', () => {
  class Base {
    @Counted({ name: 'base_total' })
    work() {
      return 'base';
    }
    @Counted({ name: 'kept_total' })
    kept() {}
  }

  test('has those of its base class, also where it overrides the method, once for each call', async () => {
    class Sub extends Base {
      override work() {
        return `${super.work()} and sub`;
      }
    }
    const { registry, lines } = withClock();
    const sub = instrument(new Sub(), { registry });
    expect(sub.work()).toBe('base and sub');
    sub.kept();
    expect(await lines('base_total', 'kept_total')).toEqual([
      'base_total{status="success"} 1',
      'base_total{status="failure"} 0',
      'kept_total{status="success"} 1',
      'kept_total{status="failure"} 0',
    ]);
  });

  test('has its own in their place where it gives the method any', async () => {
    class Sub extends Base {
      @Counted({ name: 'sub_total' })
      override work() {
        return 'sub';
      }
    }
    const { registry, lines } = withClock();
    instrument(new Sub(), { registry }).work();
    expect(await lines('base_total', 'sub_total')).toEqual(['sub_total{status="success"} 1', 'sub_total{status="failure"} 0']);
    instrument(new Base(), { registry }).work();
    expect(await lines('base_total')).toContain('base_total{status="success"} 1');
  });
});

describe('a mistake', () => {
  const NAME_RULE = 'Use letters, digits and underscores';

  function service(...decorators: MethodDecorator[]): Class {
    class OrderService {
      create() {}
      list() {}
    }
    const [first, second = first] = decorators as [MethodDecorator, MethodDecorator?];
    first(OrderService.prototype, 'create', Object.getOwnPropertyDescriptor(OrderService.prototype, 'create') as PropertyDescriptor);
    if (second !== first)
      second(OrderService.prototype, 'list', Object.getOwnPropertyDescriptor(OrderService.prototype, 'list') as PropertyDescriptor);
    Service()(OrderService);
    return OrderService;
  }

  test.each<[string, MethodDecorator[], string[]]>([
    ['a name that is none', [Timed({ name: 'order-seconds' })], ['@Timed({ name: "order-seconds" }) on OrderService.create', NAME_RULE]],
    [
      'a label name that is none',
      [Counted({ name: 'x_total', labels: { 'a-b': 1 } })],
      ['@Counted({ name: "x_total" }) on OrderService.create', '"a-b"'],
    ],
    [
      'buckets in disorder',
      [Timed({ name: 'x_seconds', buckets: [2, 1] })],
      ['@Timed({ name: "x_seconds" }) on OrderService.create', 'ascending order'],
    ],
    [
      'one name for two kinds',
      [Timed({ name: 'x' }), Gauged({ name: 'x' })],
      ['@Gauged({ name: "x" }) on OrderService.list', 'histogram without labels', 'gauge without labels'],
    ],
    [
      'one name with two sets of labels',
      [Counted({ name: 'x_total' }), Counted({ name: 'x_total', labels: { a: 1 } })],
      ['@Counted({ name: "x_total" }) on OrderService.list', 'counter {status}', 'counter {a, status}'],
    ],
    [
      'a name of the catalogue',
      [Counted({ name: 'http_requests_total' })],
      ['@Counted({ name: "http_requests_total" }) on OrderService.create', 'already records a metric of that name', 'Use another name'],
    ],
  ])('%s stops the start, and names class and method', async (_, decorators, parts) => {
    const message = await startFailure(instrumentedApplication([service(...decorators)]));
    expect(message).toMatch(/^TSK_ERR_OBSERVER_METRIC: /);
    for (const part of parts) expect(message).toContain(part);
  });

  test('in a component that is made for each request shows at start too', async () => {
    @Component({ scope: 'request' })
    class PerRequest {
      @Timed({ name: 'not a name' })
      work() {}
    }
    expect(await startFailure(bareApplication([PerRequest]))).toMatch(
      /^TSK_ERR_OBSERVER_METRIC: @Timed\({ name: "not a name" }\) on PerRequest\.work: /,
    );
  });

  test('keeps its cause', async () => {
    class Broken {
      @Timed({ name: 'not a name' })
      work() {}
    }
    const registry = new MetricsRegistry();
    const message = thrownBy(() => instrument(new Broken(), { registry }));
    expect(message).toMatch(/^TSK_ERR_OBSERVER_METRIC: @Timed\({ name: "not a name" }\) on Broken\.work: /);
    try {
      instrument(new Broken(), { registry });
    } catch (error) {
      expect((error as Error).cause).toMatchObject({ code: 'TSK_ERR_METRIC_NAME' });
    }
  });

  test.each<[unknown, string]>([
    [undefined, "no name. Use a name, such as { name: 'orders_created_total' }."],
    [{}, "no name. Use a name, such as { name: 'orders_created_total' }."],
    [{ name: 7 }, "no name. Use a name, such as { name: 'orders_created_total' }."],
    [{ name: 'x_total', help: 7 }, 'a help that is not a text. Use one sentence.'],
    [{ name: 'x_total', labels: ['a'] }, "labels that are not an object. Use labels such as { table: 'orders' }."],
    [{ name: 'x_total', labels: { a: {} } }, 'a label a that is not a text. Use texts, numbers or booleans.'],
    [{ name: 'x_total', labels: { status: 'ok' } }, 'a label status. Use another label: status is the outcome of the call.'],
  ])('%o is refused where the class is declared', (options, message) => {
    expect(thrownBy(() => service(Counted(options as never)))).toBe(
      `TSK_ERR_DECORATOR_ARGUMENT: @Counted on OrderService.create was given ${message}`,
    );
  });

  test('no parentheses', () => {
    class Shop {
      sell() {}
    }
    expect(thrownBy(() => (Timed as unknown as MethodDecorator)(Shop.prototype, 'sell', {}))).toBe(
      "TSK_ERR_DECORATOR_NOT_CALLED: @Timed on Shop was written without parentheses. Write @Timed({ name: '...' }).",
    );
  });

  test.each<[string, object, string | symbol, PropertyDescriptor, string]>([
    ['a static method', class Shop {}, 'sell', { value() {} }, 'Shop.sell, which is static'],
    ['a symbol', Application.prototype ?? {}, Symbol('sell'), { value() {} }, 'whose name is a symbol'],
    ['an underscore', class Shop {}.prototype, '_sell', { value() {} }, 'Shop._sell, whose name starts with an underscore'],
    ['an accessor', class Shop {}.prototype, 'price', { get: () => 1 }, 'Shop.price, an accessor. Accessors are never measured'],
  ])('%s can’t be measured', (_, target, key, descriptor, part) => {
    const message = thrownBy(() => Gauged({ name: 'x' })(target, key, descriptor));
    expect(message).toMatch(/^TSK_ERR_DECORATOR_PLACE: @Gauged\(\) is on /);
    expect(message).toContain(part);
    expect(message).toMatch(/Put it on an instance method with a plain name\.$/);
  });
});
