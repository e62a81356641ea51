/** Where `@Slo` may stand, which calls count for which objective, and what does not change that. */
import {
  Application,
  Component,
  type ConcreteClass,
  Configuration,
  Controller,
  Get,
  NotFoundError,
  Param,
  Provider,
  Service,
} from '@tsukimi/core';
import { Counted, Instrumented, instrument, Slo } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { withClock } from '../../support/registry-with-clock.js';
import { jsonView, linesOf, metricNames } from '../../support/scrape.js';
import { bareApplication, instrumentedApplication, start } from '../../support/start.js';
import { describeEvents, eventsOf } from './support.js';

@Slo({ objective: 99, latencyMs: 60_000 })
@Controller('/orders')
class OrderController {
  @Get('/')
  all() {
    return [];
  }

  @Get('/:id')
  one(@Param('id') id: number) {
    if (id === 0) throw new NotFoundError();
    if (id < 0) throw new Error('clouds');
    return { id };
  }

  @Slo({ objective: 99.9 })
  @Get('/revenue')
  revenue() {
    return { total: 1 };
  }

  readonly pack = () => 'packed';
}

const AT_ZERO = ['OrderController: 0 good, 0 bad', 'OrderController.revenue: 0 good, 0 bad'];

describe('on a class', () => {
  test('all its methods count for one objective, but those with one of their own', async () => {
    const { app } = await start(instrumentedApplication([OrderController]));
    for (const url of ['/orders', '/orders/1', '/orders/0', '/orders/-1', '/orders/revenue']) await app.inject(url);
    app.resolve(OrderController).pack();
    expect(await eventsOf(app)).toEqual(['OrderController: 4 good, 1 bad', 'OrderController.revenue: 1 good, 0 bad']);
  });

  test('what never reaches a method is no event: unknown paths, parameters that do not fit', async () => {
    const { app } = await start(instrumentedApplication([OrderController]));
    expect((await app.inject('/orders/abc')).statusCode).toBe(400);
    expect((await app.inject('/orders/1/items')).statusCode).toBe(404);
    expect(await eventsOf(app)).toEqual(AT_ZERO);
  });

  test('the objectives are exposed at 0 before the first call, with what they want', async () => {
    const { app } = await start(instrumentedApplication([OrderController]));
    expect(await linesOf(app, 'slo_events_total')).toEqual([
      'slo_events_total{slo="OrderController",outcome="good"} 0',
      'slo_events_total{slo="OrderController",outcome="bad"} 0',
      'slo_events_total{slo="OrderController.revenue",outcome="good"} 0',
      'slo_events_total{slo="OrderController.revenue",outcome="bad"} 0',
    ]);
    expect(await linesOf(app, 'slo_objective_ratio')).toEqual([
      'slo_objective_ratio{slo="OrderController"} 0.99',
      'slo_objective_ratio{slo="OrderController.revenue"} 0.999',
    ]);
    expect(await linesOf(app, 'slo_latency_threshold_seconds')).toEqual(['slo_latency_threshold_seconds{slo="OrderController"} 60']);
  });

  test('a component that is made for each request has them at 0 too, and counts in all of its instances', async () => {
    @Slo({ objective: 99 })
    @Controller('/requests', { scope: 'request' })
    class PerRequest {
      @Get('/')
      get() {
        return 'one';
      }
    }
    const { app } = await start(instrumentedApplication([PerRequest]));
    expect(await eventsOf(app)).toEqual(['PerRequest: 0 good, 0 bad']);
    await Promise.all([app.inject('/requests'), app.inject('/requests')]);
    expect(await eventsOf(app)).toEqual(['PerRequest: 2 good, 0 bad']);
  });

  test('its label is the name of the component', async () => {
    class Pool {
      query() {
        return 'row';
      }
    }
    Slo({ objective: 99 })(Pool);
    @Configuration()
    class Databases {
      @Provider({ name: 'main-pool', token: Pool })
      pool(): Pool {
        return new Pool();
      }
    }
    @Slo({ objective: 99 })
    @Service({ name: 'mailer' })
    class Mail {
      send() {}
    }
    const { app } = await start(bareApplication([Databases, Mail]));
    app.resolve(Pool).query();
    app.resolve(Mail).send();
    expect((await eventsOf(app)).sort()).toEqual(['mailer: 1 good, 0 bad', 'main-pool: 1 good, 0 bad']);
  });

  test('calls that a method makes of its own object are not events of their own through super, and are through this', async () => {
    class Base {
      work() {
        return 'base';
      }
      twice() {
        return [this.work(), this.work()];
      }
    }
    @Slo({ objective: 99 })
    class Sub extends Base {
      override work() {
        return `${super.work()} and sub`;
      }
    }
    const { registry, lines } = withClock();
    expect(instrument(new Sub(), { registry }).twice()).toHaveLength(2);
    expect(describeEvents(await lines('slo_events_total'))).toEqual(['Sub: 3 good, 0 bad']);
  });
});

describe('beside other decorators', () => {
  test('it needs none, and measures nothing else', async () => {
    const { app } = await start(bareApplication([OrderController]));
    await app.inject('/orders');
    app.resolve(OrderController).pack();
    expect(await eventsOf(app)).toEqual(['OrderController: 2 good, 0 bad', 'OrderController.revenue: 0 good, 0 bad']);
    expect(await linesOf(app, 'component_calls_total')).toEqual([]);
    expect(await linesOf(app, 'http_requests_total')).toEqual([]);
  });

  test('where a component is opted out its objective stays, and of single methods that are opted out or excluded only their own', async () => {
    @Slo({ objective: 99 })
    @Instrumented({ enabled: false })
    @Component()
    class Silent {
      work() {}
      @Instrumented({ enabled: false })
      left() {}
      @Slo({ objective: 95 })
      @Instrumented({ enabled: false })
      own() {}
      ping() {}
    }
    const configuration = { instrumentation: { exclude: ['*.ping'] } };
    for (const application of [instrumentedApplication([Silent]), bareApplication([Silent])]) {
      const { app, warnings } = await start(application, { configuration });
      const silent = app.resolve(Silent);
      silent.work();
      silent.left();
      silent.own();
      silent.ping();
      expect(warnings()).toEqual([]);
      expect(await eventsOf(app)).toEqual(['Silent: 1 good, 0 bad', 'Silent.own: 1 good, 0 bad']);
      expect(await linesOf(app, 'component_calls_total')).toEqual([]);
    }
  });

  test('either order of all decorators gives the same', async () => {
    const [onClass, onMethod] = [
      [Instrumented(), Slo({ objective: 99 }), Component()],
      [Instrumented(), Slo({ objective: 95 }), Counted({ name: 'x_total' })],
    ] as const;
    for (const order of [(list: readonly unknown[]) => [...list], (list: readonly unknown[]) => [...list].reverse()]) {
      class Any {
        work() {}
        rest() {}
      }
      const descriptor = Object.getOwnPropertyDescriptor(Any.prototype, 'work') as PropertyDescriptor;
      for (const decorate of order(onMethod) as MethodDecorator[]) decorate(Any.prototype, 'work', descriptor);
      for (const decorate of order(onClass) as ClassDecorator[]) decorate(Any);
      const { app } = await start(bareApplication([Any]));
      app.resolve(Any).work();
      app.resolve(Any).rest();
      expect(await eventsOf(app)).toEqual(['Any: 1 good, 0 bad', 'Any.work: 1 good, 0 bad']);
      expect(await linesOf(app, 'x_total')).toContain('x_total{status="success"} 1');
      expect(await linesOf(app, 'component_calls_total')).toHaveLength(4);
    }
  });

  test('the component’s own metrics are what they would be without', async () => {
    const { app } = await start(instrumentedApplication([OrderController]));
    for (const url of ['/orders/1', '/orders/0', '/orders/-1', '/orders/revenue']) await app.inject(url);
    const { calls, failures, methods } = (await jsonView(app)).instrumentation.components.OrderController;
    expect([calls, failures, methods.one.calls, methods.one.failures, methods.revenue.calls]).toEqual([4, 2, 3, 2, 1]);
  });
});

describe('switched off', () => {
  test.each([
    ['instrumentation.enabled: false', { instrumentation: { enabled: false } }],
    ['metrics.enabled: false', { metrics: { enabled: false } }],
  ])('%s: nothing is wrapped and nothing is exposed', async (_, configuration) => {
    const { app } = await start(instrumentedApplication([OrderController]), { configuration });
    expect((await app.inject('/orders/1')).json()).toEqual({ id: 1 });
    expect(Object.hasOwn(app.resolve(OrderController), 'one')).toBe(false);
    if ('metrics' in configuration) expect((await app.inject('/metrics/prometheus')).statusCode).toBe(404);
    else expect((await metricNames(app)).filter((name) => name.startsWith('slo_'))).toEqual([]);
  });

  test('without any objective there is no metric of one', async () => {
    @Service()
    class Plain {
      work() {}
    }
    const { app } = await start(instrumentedApplication([Plain]));
    expect((await metricNames(app)).filter((name) => name.startsWith('slo_'))).toEqual([]);
  });
});

describe('a subclass', () => {
  @Slo({ objective: 99 })
  class Base {
    work() {
      return 'base';
    }
    @Slo({ objective: 95 })
    own() {
      return 'base';
    }
  }

  async function eventsAfter(...types: readonly ConcreteClass<Base>[]): Promise<string[]> {
    const { registry, lines } = withClock();
    for (const Type of types) {
      const object = instrument(new Type(), { registry });
      object.work();
      object.own();
    }
    return describeEvents(await lines('slo_events_total'));
  }

  test('has the objectives of its base class under its own name', async () => {
    class Sub extends Base {
      override own() {
        return `${super.own()} and sub`;
      }
    }
    expect(await eventsAfter(Sub, Base)).toEqual([
      'Sub.own: 1 good, 0 bad',
      'Sub: 1 good, 0 bad',
      'Base: 1 good, 0 bad',
      'Base.own: 1 good, 0 bad',
    ]);
  });

  test('has its own in their place', async () => {
    @Slo({ objective: 90 })
    class Sub extends Base {
      @Slo({ objective: 80 })
      override own() {
        return 'sub';
      }
    }
    const registry = new MetricsRegistry();
    instrument(new Sub(), { registry });
    const lines = (await registry.expose({ names: ['slo_objective_ratio'] })).split('\n').filter((line) => line.startsWith('slo_'));
    expect(lines.sort()).toEqual(['slo_objective_ratio{slo="Sub"} 0.9', 'slo_objective_ratio{slo="Sub.own"} 0.8']);
    expect(await eventsAfter(Base)).toContain('Base: 1 good, 0 bad');
  });

  test('a method’s objective goes before that of a class, also where the class is nearer', async () => {
    @Slo({ objective: 90 })
    class Sub extends Base {
      override own() {
        return 'sub';
      }
    }
    expect((await eventsAfter(Sub)).sort()).toEqual(['Sub.own: 1 good, 0 bad', 'Sub: 1 good, 0 bad']);
  });
});

test('two applications in one process share nothing', async () => {
  const [one, two] = [await start(bareApplication([OrderController])), await start(bareApplication([OrderController]))];
  await one.app.inject('/orders/1');
  expect([await eventsOf(one.app), await eventsOf(two.app)]).toEqual([['OrderController: 1 good, 0 bad', AT_ZERO[1]], AT_ZERO]);
});

test('two components of one name and one objective add up', async () => {
  const both = ['a', 'b'].map((name) => {
    class Any {
      work() {
        return name;
      }
    }
    Slo({ objective: 99 })(Any);
    Component({ name: 'shared' })(Any);
    return Any;
  });
  const { app } = await start(bareApplication(both));
  for (const type of both) app.resolve(type).work();
  expect(await eventsOf(app)).toEqual(['shared: 2 good, 0 bad']);
});

test('an application class is a component like any other', async () => {
  class App {
    work() {}
  }
  Slo({ objective: 99 })(App);
  Application({ components: [] })(App);
  const { app } = await start(App);
  app.resolve(App).work();
  expect(await eventsOf(app)).toEqual(['App: 1 good, 0 bad']);
});
