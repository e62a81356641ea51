/** `@Timed`, `@Counted` and `@Gauged` in an application, and in subclasses. */
import { Component, Controller, Get, Service } from '@tsukimi/core';
import { Counted, Gauged, Instrumented, instrument, Timed } from '@tsukimi/instrumentation';
import { describe, expect, test } from 'vitest';
import { withClock } from '../../support/registry-with-clock.js';
import { jsonView, linesOf, textLines } from '../../support/scrape.js';
import { bareApplication, instrumentedApplication, start } from '../../support/start.js';

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
