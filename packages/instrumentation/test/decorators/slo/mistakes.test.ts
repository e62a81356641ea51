/** Mistakes with `@Slo` are errors where the class is declared or at start, and name class and member. */
import { Component } from '@tsukimi/core';
import { Instrumented, instrument, Slo, type SloOptions } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { bareApplication, start, startFailure } from '../../support/start.js';
import { thrownBy } from '../../support/thrown-by.js';

const PERCENTAGE = 'Use a percentage above 1 and below 100, such as { objective: 99.9 } and not 0.999.';
const MILLISECONDS = 'Use a number of milliseconds greater than 0, such as { objective: 99.9, latencyMs: 250 }.';

const MISTAKES: readonly (readonly [options: unknown, message: string])[] = [
  [undefined, `no options. ${PERCENTAGE}`],
  [null, `options: null. ${PERCENTAGE}`],
  [99.9, `options: 99.9. ${PERCENTAGE}`],
  ['99.9', `options: "99.9". ${PERCENTAGE}`],
  [{}, `no objective. ${PERCENTAGE}`],
  [{ latencyMs: 250 }, `no objective. ${PERCENTAGE}`],
  [{ objective: '99.9' }, `objective: "99.9". ${PERCENTAGE}`],
  [{ objective: null }, `objective: null. ${PERCENTAGE}`],
  [{ objective: {} }, `objective: an object of 0 keys. ${PERCENTAGE}`],
  [{ objective: Number.NaN }, `objective: NaN. ${PERCENTAGE}`],
  [{ objective: Number.POSITIVE_INFINITY }, `objective: Infinity. ${PERCENTAGE}`],
  [{ objective: 0 }, `objective: 0. ${PERCENTAGE}`],
  [{ objective: 0.999 }, `objective: 0.999. ${PERCENTAGE}`],
  [{ objective: 1 }, `objective: 1. ${PERCENTAGE}`],
  [{ objective: -1 }, `objective: -1. ${PERCENTAGE}`],
  [{ objective: 100 }, `objective: 100. ${PERCENTAGE}`],
  [{ objective: 100.1 }, `objective: 100.1. ${PERCENTAGE}`],
  [{ objective: 99, latencyMs: 0 }, `latencyMs: 0. ${MILLISECONDS}`],
  [{ objective: 99, latencyMs: -1 }, `latencyMs: -1. ${MILLISECONDS}`],
  [{ objective: 99, latencyMs: '250' }, `latencyMs: "250". ${MILLISECONDS}`],
  [{ objective: 99, latencyMs: Number.NaN }, `latencyMs: NaN. ${MILLISECONDS}`],
  [{ objective: 99, latencyMs: Number.POSITIVE_INFINITY }, `latencyMs: Infinity. ${MILLISECONDS}`],
  [{ objective: 99, latencyMs: null }, `latencyMs: null. ${MILLISECONDS}`],
  [{ objective: 99, latency: 250 }, 'an unknown option, "latency". Use objective, and latencyMs for a latency threshold.'],
];

describe('options', () => {
  test.each(MISTAKES)('%o on a class', (options, message) => {
    class OrderController {
      create() {}
    }
    expect(thrownBy(() => Slo(options as SloOptions)(OrderController))).toBe(
      `TSK_ERR_DECORATOR_ARGUMENT: @Slo on OrderController was given ${message}`,
    );
  });

  test.each(MISTAKES)('%o on a method', (options, message) => {
    const declare = (): unknown => {
      class OrderController {
        @Slo(options as SloOptions)
        create() {}
      }
      return OrderController;
    };
    expect(thrownBy(declare)).toBe(`TSK_ERR_DECORATOR_ARGUMENT: @Slo on OrderController.create was given ${message}`);
  });

  test.each([
    { objective: 1 + Number.EPSILON },
    { objective: 99.999_999_999_999 },
    { objective: 99, latencyMs: Number.MIN_VALUE },
    { objective: 99, latencyMs: Number.MAX_VALUE },
    { objective: 99, latencyMs: undefined },
  ])('%o is taken', (options) => {
    class Any {
      work() {}
    }
    Slo(options as SloOptions)(Any);
    expect(() => instrument(new Any(), { registry: new MetricsRegistry() }).work()).not.toThrow();
  });

  test('later changes of the object that was given change nothing', async () => {
    const options = { objective: 99 };
    class Any {
      work() {}
    }
    Slo(options)(Any);
    options.objective = 1;
    const registry = new MetricsRegistry();
    instrument(new Any(), { registry });
    expect(await registry.expose()).toContain('slo_objective_ratio{slo="Any"} 0.99\n');
  });
});

describe('places', () => {
  const FIX = 'Put it on an instance method with a plain name, or on the class.';
  const key = Symbol('moon');
  const good = { objective: 99.9 };

  test.each<[string, () => unknown, string]>([
    [
      'a static method',
      () => {
        class Statics {
          @Slo(good)
          static work() {}
          rest() {}
        }
        return Statics;
      },
      'Statics.work, which is static.',
    ],
    [
      'an accessor',
      () => {
        class Accessors {
          @Slo(good)
          get value() {
            return 1;
          }
        }
        return Accessors;
      },
      'Accessors.value, an accessor. Accessors are never measured.',
    ],
    [
      'a symbol',
      () => {
        class Symbols {
          @Slo(good)
          [key]() {}
        }
        return Symbols;
      },
      'Symbols.Symbol(moon), whose name is a symbol. Symbols are never measured.',
    ],
    [
      'a name with an underscore',
      () => {
        class Underscores {
          @Slo(good)
          _work() {}
        }
        return Underscores;
      },
      'Underscores._work, whose name starts with an underscore. Such methods are not public and never measured.',
    ],
    [
      'a parameter of a method',
      () => {
        class Parameters {
          work(
            // @ts-expect-error: not on parameters
            @Slo(good)
            _value: number,
          ) {}
        }
        return Parameters;
      },
      'Parameters.work, which has it on a parameter.',
    ],
    [
      'a parameter of the constructor',
      () => {
        class Constructors {
          constructor(
            // @ts-expect-error: not on parameters
            @Slo(good)
            readonly value: number,
          ) {}
        }
        return Constructors;
      },
      'Constructors.constructor, which has it on a parameter.',
    ],
  ])('%s', (_, declare, message) => {
    expect(thrownBy(declare)).toBe(`TSK_ERR_DECORATOR_PLACE: @Slo() is on ${message} ${FIX}`);
  });

  test('a parameter is none for the other decorators either', () => {
    class Any {
      work(_value: number) {}
    }
    const onParameter = Instrumented() as unknown as ParameterDecorator;
    expect(thrownBy(() => onParameter(Any.prototype, 'work', 0))).toContain('Any.work, which has it on a parameter.');
  });
});

describe('without parentheses', () => {
  class Shop {
    static open() {}
    sell() {}
  }
  const bare = Slo as unknown as (target: object, key?: string, descriptor?: PropertyDescriptor) => void;

  test.each<[string, () => void]>([
    ['on a class', () => bare(Shop)],
    ['on a method', () => bare(Shop.prototype, 'sell', {})],
    ['on a static method', () => bare(Shop, 'open', {})],
  ])('%s', (_, declare) => {
    expect(thrownBy(declare)).toBe(
      'TSK_ERR_DECORATOR_NOT_CALLED: @Slo on Shop was written without parentheses. Write @Slo({ objective: 99.9 }).',
    );
  });
});

describe('twice', () => {
  test('on a class, whatever stands between', () => {
    class Shop {
      sell() {}
    }
    const declare = (): void => {
      Slo({ objective: 99 })(Shop);
      Component()(Shop);
      Slo({ objective: 99 })(Shop);
    };
    expect(thrownBy(declare)).toBe(
      'TSK_ERR_DECORATOR_TWICE: @Slo is on Shop twice. Keep one: each class and each method can have one objective.',
    );
  });

  test('on a method', () => {
    const declare = (): unknown => {
      class Shop {
        @Slo({ objective: 99 })
        @Slo({ objective: 95 })
        sell() {}
      }
      return Shop;
    };
    expect(thrownBy(declare)).toBe(
      'TSK_ERR_DECORATOR_TWICE: @Slo is on Shop.sell twice. Keep one: each class and each method can have one objective.',
    );
  });
});

describe('one name for two objectives', () => {
  function componentNamed(name: string, options: SloOptions): ReturnType<typeof bareApplication> {
    class OrderService {
      work() {}
    }
    Slo(options)(OrderService);
    Component({ name })(OrderService);
    return OrderService;
  }

  test.each<[SloOptions, SloOptions, string]>([
    [
      { objective: 99.9, latencyMs: 250 },
      { objective: 99 },
      '99.9 % within 250 ms by @Slo on OrderService, and 99 % by @Slo on OrderService',
    ],
    [
      { objective: 99, latencyMs: 250 },
      { objective: 99, latencyMs: 100 },
      '99 % within 250 ms by @Slo on OrderService, and 99 % within 100 ms by @Slo on OrderService',
    ],
  ])('%o and %o stop the start', async (one, other, both) => {
    const application = bareApplication([componentNamed('orders', one), componentNamed('orders', other)]);
    expect(await startFailure(application)).toBe(
      `TSK_ERR_OBSERVER_SLO_CONFLICT: The objective of "orders" is ${both}. Give both the same objective, or rename one of the components.`,
    );
    const apart = bareApplication([componentNamed('orders', one), componentNamed('archive', other)]);
    expect((await start(apart)).warnings()).toEqual([]);
  });

  test('a class and a method that meet in one name are two too', () => {
    class A {
      @Slo({ objective: 99 })
      work() {}
    }
    class B {
      work() {}
    }
    Slo({ objective: 95 })(B);
    const registry = new MetricsRegistry();
    instrument(new A(), { registry, component: 'orders' });
    expect(thrownBy(() => instrument(new B(), { registry, component: 'orders.work' }))).toBe(
      'TSK_ERR_OBSERVER_SLO_CONFLICT: The objective of "orders.work" is 99 % by @Slo on A.work, and 95 % by @Slo on B. Give both the same objective, or rename one of the components.',
    );
  });
});

test('what the compiler refuses', () => {
  const declarations: readonly (() => unknown)[] = [
    // @ts-expect-error: no options
    () => Slo(),
    // @ts-expect-error: no objective
    () => Slo({ latencyMs: 250 }),
    // @ts-expect-error: a text
    () => Slo({ objective: '99.9' }),
    // @ts-expect-error: no such option
    () => Slo({ objective: 99.9, latency: 250 }),
    // @ts-expect-error: no such option
    () => Slo({ objective: 99.9, latencyMs: undefined }),
    // @ts-expect-error: without parentheses, on a class
    () => Slo(class Shop {}),
  ];
  expect(declarations).toHaveLength(6);
});
