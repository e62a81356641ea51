/** `@Instrumented` in all its places: what it measures, what it leaves alone, and that the order of decorators makes no difference. */
import { Application, Component, Controller, Get, Repository, Service } from '@tsukimi/core';
import { Instrumented } from '@tsukimi/instrumentation';
import { describe, expect, test } from 'vitest';
import { measured } from '../support/measured.js';
import { jsonView, linesOf, metricNames } from '../support/scrape.js';
import { bareApplication, instrumentedApplication, start } from '../support/start.js';

@Repository()
class StockRepository {
  find() {
    return 1;
  }
}

@Service()
class StockService {
  count() {
    return 2;
  }
}

@Component()
class StockHelper {
  help() {
    return 3;
  }
}

@Controller('/stock')
class StockController {
  @Get('/')
  all() {
    return { stock: 4 };
  }
}

const COMPONENTS = [StockRepository, StockService, StockHelper, StockController];

describe('on the application class', () => {
  test('measures services, repositories and controllers, and no other component', async () => {
    const started = await start(instrumentedApplication(COMPONENTS));
    expect(await measured(started)).toEqual(['StockRepository.find', 'StockService.count', 'StockController.all']);
    expect(Object.getOwnPropertyNames(started.app.resolve(StockHelper))).toEqual([]);
  });

  test('in either order', async () => {
    @Instrumented()
    @Application({ components: COMPONENTS })
    class Above {}
    @Application({ components: COMPONENTS })
    @Instrumented()
    class Below {}
    for (const App of [Above, Below]) {
      const started = await start(App);
      await started.app.inject('/stock');
      expect(await measured(started)).toEqual(['StockRepository.find', 'StockService.count', 'StockController.all']);
      expect(await linesOf(started.app, 'http_requests_total')).toEqual(['http_requests_total{method="GET",path="/stock",status="200"} 1']);
    }
  });

  test('switched off, measures nothing and keeps the endpoints', async () => {
    const App = bareApplication(COMPONENTS);
    Instrumented({ enabled: false })(App);
    const started = await start(App);
    await started.app.inject('/stock');
    expect(await measured(started)).toEqual([]);
    expect(await metricNames(started.app)).toEqual([
      'metrics_series_dropped_total',
      'metrics_invalid_values_total',
      'metrics_access_denied_total',
      'metrics_scrapes_rejected_total',
    ]);
  });

  test('leaves no endpoint in an application without it', async () => {
    const { app } = await start(bareApplication(COMPONENTS));
    expect((await app.inject('/metrics')).statusCode).toBe(404);
    expect(Object.getOwnPropertyNames(app.resolve(StockService))).toEqual([]);
  });
});

describe('on a component', () => {
  @Instrumented()
  @Service()
  class Above {
    work() {}
    rest() {}
  }
  @Service()
  @Instrumented()
  class Below {
    work() {}
  }
  @Instrumented()
  @Component({ name: 'helper' })
  class Helper {
    work() {}
  }

  test('measures that one, whatever its kind and in either order, and neither requests nor the process', async () => {
    const started = await start(bareApplication([...COMPONENTS, Above, Below, Helper]));
    started.app.resolve(Above).work();
    await started.app.inject('/stock');
    expect(await measured(started)).toEqual(['Above.work', 'Above.rest', 'Below.work', 'helper.work']);
    expect(await linesOf(started.app, 'component_calls_total')).toContain(
      'component_calls_total{component="Above",method="work",status="success"} 1',
    );
    const names = await metricNames(started.app);
    expect(names.filter((name) => /^(http|system|process|nodejs|scheduler)_/.test(name))).toEqual([]);
    const view = await jsonView(started.app);
    expect(view.enabled).toBe(true);
    expect(Object.keys(view.instrumentation)).toEqual(['components', 'custom']);
  });

  test('a component in an instrumented application is measured once', async () => {
    const started = await start(instrumentedApplication([Above, Helper]));
    started.app.resolve(Above).work();
    expect(await measured(started)).toEqual(['Above.work', 'Above.rest', 'helper.work']);
    expect(await linesOf(started.app, 'component_calls_total')).toContain(
      'component_calls_total{component="Above",method="work",status="success"} 1',
    );
  });

  test('opts out of an instrumented application, and a method of it opts in again', async () => {
    @Instrumented({ enabled: false })
    @Service()
    class Quiet {
      hush() {}
      @Instrumented()
      speak() {}
    }
    @Service()
    @Instrumented({ enabled: false })
    class Silent {
      hush() {}
    }
    const started = await start(instrumentedApplication([Quiet, Silent]));
    expect(await measured(started)).toEqual(['Quiet.speak']);
    expect(Object.getOwnPropertyNames(started.app.resolve(Silent))).toEqual([]);
  });

  test('a subclass has what its base class has, unless it says otherwise', async () => {
    @Instrumented({ enabled: false })
    abstract class Base {
      hush() {}
    }
    @Service()
    class Same extends Base {}
    @Instrumented()
    @Service()
    class Other extends Base {}
    expect(await measured(await start(instrumentedApplication([Same, Other])))).toEqual(['Other.hush']);
  });
});

describe('on a method', () => {
  @Service()
  class Above {
    @Instrumented()
    work() {}
    rest() {}
  }
  @Controller('/one')
  class One {
    @Get('/')
    @Instrumented()
    get() {
      return {};
    }
    @Instrumented()
    @Get('/other')
    other() {
      return {};
    }
    @Get('/third')
    third() {
      return {};
    }
  }

  test('measures that one only, in either order', async () => {
    const started = await start(bareApplication([Above, One, StockService]));
    for (const url of ['/one', '/one/other', '/one/third']) expect((await started.app.inject(url)).statusCode).toBe(200);
    expect(await measured(started)).toEqual(['Above.work', 'One.get', 'One.other']);
    expect((await jsonView(started.app)).instrumentation.components.One.calls).toBe(2);
    expect(Object.getOwnPropertyNames(started.app.resolve(Above))).toEqual(['work']);
  });

  test('opts out of an instrumented application', async () => {
    @Service()
    class Mostly {
      work() {}
      @Instrumented({ enabled: false })
      hush() {}
      @Instrumented({ enabled: false })
      arrow = () => 1;
      loud = () => 2;
    }
    expect(await measured(await start(instrumentedApplication([Mostly])))).toEqual(['Mostly.work', 'Mostly.loud']);
  });

  test('takes a property that holds a function', async () => {
    @Service()
    class Arrows {
      @Instrumented()
      loud = () => 1;
      quiet = () => 2;
    }
    const started = await start(bareApplication([Arrows]));
    expect(started.app.resolve(Arrows).loud()).toBe(1);
    expect(await measured(started)).toEqual(['Arrows.loud']);
  });

  test('of the application class itself', async () => {
    @Instrumented()
    @Application({ components: [StockService] })
    class App {
      @Instrumented()
      greet() {
        return 'hello';
      }
      other() {}
    }
    const started = await start(App);
    expect(started.app.resolve(App).greet()).toBe('hello');
    expect(await measured(started)).toEqual(['StockService.count', 'App.greet']);
  });

  test('is brought along by a component whose base class alone carries it', async () => {
    abstract class Base {
      @Instrumented()
      work() {}
    }
    @Service()
    class Child extends Base {}
    expect(await measured(await start(bareApplication([Child])))).toEqual(['Child.work']);
  });

  test('is overridden by a subclass, and inherited by one', async () => {
    abstract class Base {
      @Instrumented()
      work() {}
      rest() {}
    }
    @Service()
    class Child extends Base {
      override rest() {}
    }
    @Service()
    class Rebel extends Base {
      @Instrumented({ enabled: false })
      override work() {}
    }
    expect(await measured(await start(bareApplication([Above, Child, Rebel])))).toEqual(['Above.work', 'Child.work']);
  });
});
