/** `labels: (call) => ...` of `@Timed` and `@Counted`: labels that depend on the call. */
import { Service } from '@tsukimi/core';
import { Counted, instrument, Timed } from '@tsukimi/instrumentation';
import { type MetricError, MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { withClock } from '../support/registry-with-clock.js';
import { linesOf } from '../support/scrape.js';
import { bareApplication, start, startFailure } from '../support/start.js';
import { thrownBy } from '../support/thrown-by.js';

interface Order {
  tier: string;
}

/** A registry with the errors that it reported. */
function reporting(): { readonly registry: MetricsRegistry; readonly reported: MetricError[]; of(name: string): Promise<string[]> } {
  const reported: MetricError[] = [];
  const registry = new MetricsRegistry({ onError: (error) => reported.push(error) });
  const of = async (name: string): Promise<string[]> => {
    const lines = (await registry.expose({ names: [name] })).split('\n');
    return lines.filter((line) => line !== '' && !line.startsWith('#') && !/_(bucket|sum|created)| 0$/.test(line)).sort();
  };
  return { registry, reported, of };
}

/** A measured object with one method, whose labels are computed by `labels`. */
function counted(
  labels: (call: never) => unknown,
  work: (...values: never[]) => unknown = () => undefined,
  labelValues: object = { tier: ['free', 'paid'] },
) {
  class Subject {
    work(...values: unknown[]): unknown {
      return Reflect.apply(work, this, values);
    }
  }
  const decorate = Counted({ name: 'orders_total', labelValues, labels } as never) as MethodDecorator;
  decorate(Subject.prototype, 'work', Object.getOwnPropertyDescriptor(Subject.prototype, 'work') as PropertyDescriptor);
  const { registry, reported, of } = reporting();
  return {
    subject: instrument(new Subject(), { registry }),
    reported,
    lines: async () => await of('orders_total'),
  };
}

describe('the labels of a call', () => {
  test('are computed from its arguments when it has ended, for the histogram and the counter', async () => {
    const { registry, pass, lines } = withClock();
    class OrderService {
      @Timed({ name: 'order_seconds', labelValues: { tier: ['free', 'paid'] }, labels: (call) => ({ tier: call.args[0].tier }) })
      @Counted({ name: 'orders_total', labelValues: { tier: ['free', 'paid'] }, labels: ({ args: [order] }) => ({ tier: order.tier }) })
      create(order: Order): string {
        pass(250);
        return order.tier;
      }
    }
    const orders = instrument(new OrderService(), { registry });
    expect([orders.create({ tier: 'free' }), orders.create({ tier: 'paid' }), orders.create({ tier: 'paid' })]).toEqual([
      'free',
      'paid',
      'paid',
    ]);
    orders.create({ tier: 'gold' });
    expect(await lines('order_seconds', 'orders_total')).toEqual([
      'order_seconds_sum{tier="free"} 0.25',
      'order_seconds_count{tier="free"} 1',
      'order_seconds_sum{tier="paid"} 0.5',
      'order_seconds_count{tier="paid"} 2',
      'order_seconds_sum{tier="__other__"} 0.25',
      'order_seconds_count{tier="__other__"} 1',
      'orders_total{tier="free",status="success"} 1',
      'orders_total{tier="free",status="failure"} 0',
      'orders_total{tier="paid",status="success"} 2',
      'orders_total{tier="paid",status="failure"} 0',
      'orders_total{tier="__other__",status="success"} 1',
      'orders_total{tier="__other__",status="failure"} 0',
    ]);
  });

  const outcome = (call: { readonly status: string; readonly result?: unknown; readonly error?: unknown }) => ({
    tier:
      call.status === 'success'
        ? `got ${String(call.result)}`
        : `failed ${String((call.error as Error | undefined)?.message ?? call.error)}`,
  });
  const fails = (error: unknown) => {
    throw error;
  };
  class Lazy {
    // biome-ignore lint/suspicious/noThenProperty: a lazy query, as query builders are.
    then(onFulfilled: (value: number) => unknown, onRejected: (reason: unknown) => unknown): unknown {
      return Promise.resolve(7).then(onFulfilled, onRejected);
    }
  }
  class Own extends Promise<unknown> {}

  test.each<[string, (...values: never[]) => unknown, string]>([
    ['a value', () => 1, 'got 1'],
    ['an object', () => ({ toString: () => 'row' }), 'got row'],
    ['what was thrown', () => fails(new Error('clouds')), 'failed clouds'],
    ['undefined that was thrown', () => fails(undefined), 'failed undefined'],
    ['the value of an async function', async () => 2, 'got 2'],
    ['the reason of one', async () => fails(new Error('later')), 'failed later'],
    ['the value of a promise that is handed on', () => Promise.resolve(3), 'got 3'],
    ['its reason', () => Promise.reject(new Error('handed')), 'failed handed'],
    ['the value of a promise of its own class', () => Own.resolve(4), 'got 4'],
    ['the value of a lazy query', () => new Lazy(), 'got 7'],
    [
      'nothing for a method that returns its own object',
      function (this: unknown) {
        return this;
      },
      'got [object Object]',
    ],
  ])('see %s', async (_what, work, tier) => {
    const { subject, lines } = counted(outcome, work, { tier: {} });
    const status = tier.startsWith('got') ? 'success' : 'failure';
    await Promise.resolve()
      .then(() => subject.work())
      .catch(() => undefined);
    expect(await lines()).toEqual([`orders_total{tier="${tier}",status="${status}"} 1`]);
  });

  test.each<[string, (generator: never) => unknown, string]>([
    ['to its end', (rows: Iterable<number>) => [...rows], 'got sum'],
    [
      'until it is left',
      (rows: Iterable<number>) => {
        for (const _ of rows) break;
      },
      'got undefined',
    ],
    [
      'until something is thrown into it',
      (rows: Generator<number>) => {
        rows.next();
        try {
          rows.throw(new Error('into'));
        } catch {}
      },
      'failed into',
    ],
  ])('see what a generator returns that is run %s', async (_what, run, tier) => {
    const { registry, of } = reporting();
    class Rows {
      @Counted({ name: 'rows_total', labelValues: { tier: {} }, labels: outcome })
      *rows(): Generator<number, string> {
        yield 1;
        yield 2;
        return 'sum';
      }
      @Counted({ name: 'later_total', labelValues: { tier: {} }, labels: ({ args: [n], result }) => ({ tier: `${n} ${result}` }) })
      async *later(n: number): AsyncGenerator<number, string> {
        yield n;
        return 'end';
      }
    }
    const rows = instrument(new Rows(), { registry });
    run(rows.rows() as never);
    for await (const _ of rows.later(5)) {
    }
    expect(await of('rows_total')).toEqual([`rows_total{tier="${tier}",status="${tier.startsWith('got') ? 'success' : 'failure'}"} 1`]);
    expect(await of('later_total')).toEqual(['later_total{tier="5 end",status="success"} 1']);
  });

  test('see the result of each call that returned one and the same promise', async () => {
    let settle: (value: string) => void = () => {};
    const shared = new Promise<string>((resolve) => {
      settle = resolve;
    });
    const { subject, lines } = counted(
      ({ args: [n], result }: { args: [number]; result: string }) => ({ tier: `${n} ${result}` }),
      () => shared,
      { tier: { maxValues: 1000 } },
    );
    const calls = Array.from({ length: 600 }, (_, n) => subject.work(n));
    settle('done');
    await Promise.all(calls);
    subject.work(600);
    await null;
    expect((await lines()).length).toBe(601);
    expect(await lines()).toContain('orders_total{tier="599 done",status="success"} 1');
    expect(await lines()).toContain('orders_total{tier="600 done",status="success"} 1');
  });

  test('are those of the arguments as they were passed; what they refer to may change', async () => {
    const { subject, lines } = counted(
      ({ args: [n, order] }: { args: [string, Order] }) => ({ tier: `${n} ${order.tier}` }),
      (n: string, order: Order) => {
        n = 'other';
        order.tier = n;
      },
      { tier: {} },
    );
    subject.work('first', { tier: 'free' });
    expect(await lines()).toEqual(['orders_total{tier="first other",status="success"} 1']);
  });

  test('go with a property that holds an async arrow function, and keep what it is', async () => {
    const { registry, of } = reporting();
    class Held {
      @Counted({ name: 'held_total', labelValues: { n: [1, 2] }, labels: (call) => ({ n: call.args[0] }) })
      held = async (n: number, _other = 0): Promise<number> => n;
    }
    const held = instrument(new Held(), { registry });
    expect([await held.held(1), held.held.length, held.held.name]).toEqual([1, 1, 'held']);
    expect(await of('held_total')).toContain('held_total{n="1",status="success"} 1');
  });
});

describe('a label', () => {
  test('has 20 values where nothing else is declared, and then __other__', async () => {
    const { subject, lines, reported } = counted(({ args: [n] }: { args: [number] }) => ({ tier: n }), undefined, { tier: {} });
    for (let n = 0; n < 30; n += 1) subject.work(n);
    subject.work(0);
    expect(await lines()).toHaveLength(21);
    expect(await lines()).toContain('orders_total{tier="0",status="success"} 2');
    expect(await lines()).toContain('orders_total{tier="__other__",status="success"} 10');
    expect(reported).toEqual([]);
  });

  test('has as many as are declared, each label by itself', async () => {
    const { subject, lines } = counted(({ args: [a, b] }: { args: [string, string] }) => ({ a, b }), undefined, {
      a: { maxValues: 1 },
      b: ['x'],
    });
    subject.work('a', 'x');
    subject.work('b', 'x');
    subject.work('a', 'y');
    expect(await lines()).toEqual([
      'orders_total{a="__other__",b="x",status="success"} 1',
      'orders_total{a="a",b="__other__",status="success"} 1',
      'orders_total{a="a",b="x",status="success"} 1',
    ]);
  });

  test('can be a number, a boolean or a text', async () => {
    const { subject, lines } = counted(({ args: [tier] }: { args: [string] }) => ({ tier }), undefined, { tier: [1, true, 'x'] });
    for (const tier of [1, '1', true, 'true', 'x', 2, false]) subject.work(tier);
    expect(await lines()).toEqual([
      'orders_total{tier="1",status="success"} 2',
      'orders_total{tier="__other__",status="success"} 2',
      'orders_total{tier="true",status="success"} 2',
      'orders_total{tier="x",status="success"} 1',
    ]);
  });

  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  test.each<[string, (call: never) => unknown]>([
    [
      'a function that throws',
      () => {
        throw new Error('secret');
      },
    ],
    [
      'one that throws undefined',
      () => {
        throw undefined;
      },
    ],
    ['a promise', async () => ({ tier: 'free' })],
    [
      'a promise that rejects',
      async () => {
        throw new Error('nobody hears this');
      },
    ],
    ['nothing', () => undefined],
    ['null', () => null],
    ['a text', () => 'free'],
    ['a revoked proxy', () => revoked.proxy],
    ['a missing label', () => ({})],
    ['null for a label', () => ({ tier: null })],
    ['a symbol', () => ({ tier: Symbol('free') })],
    [
      'an object',
      () => ({
        tier: {
          toString: () => {
            throw new Error('no');
          },
        },
      }),
    ],
    ['a promise for a label', () => ({ tier: Promise.reject(new Error('nobody hears this')) })],
    [
      'a getter that throws',
      () => ({
        get tier() {
          throw new Error('no');
        },
      }),
    ],
    [
      'a proxy that throws',
      () =>
        new Proxy(
          {},
          {
            get: () => {
              throw new Error('no');
            },
          },
        ),
    ],
    [
      'a function without end',
      function labels(): unknown {
        return labels();
      },
    ],
  ])('is __error__ for %s, which is reported once and costs nothing else', async (_what, labels) => {
    const unhandled: unknown[] = [];
    const hear = (reason: unknown) => unhandled.push(reason);
    process.on('unhandledRejection', hear);
    const { subject, lines, reported } = counted(labels, () => 'moon');
    expect([subject.work(), subject.work()]).toEqual(['moon', 'moon']);
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', hear);
    expect(await lines()).toEqual(['orders_total{tier="__error__",status="success"} 2']);
    expect(reported.map(({ code }) => code)).toEqual(['TSK_ERR_INSTRUMENTATION_LABELS']);
    expect(reported[0]?.message).toMatch(/^orders_total: the function labels of @Counted on Subject\.work /);
    expect(reported[0]?.message).not.toContain('secret');
    expect(unhandled).toEqual([]);
  });

  test('that throws does not hide what the call throws', async () => {
    const { subject, lines } = counted(
      () => {
        throw new Error('labels');
      },
      () => {
        throw new RangeError('the call');
      },
    );
    expect(() => subject.work()).toThrow(RangeError);
    expect(await lines()).toEqual(['orders_total{tier="__error__",status="failure"} 1']);
  });

  test('is left out where it is not declared, and reported', async () => {
    const { subject, lines, reported } = counted(() => ({ tier: 'free', user: 'u-17' }));
    subject.work();
    expect(await lines()).toEqual(['orders_total{tier="free",status="success"} 1']);
    expect(reported.map(({ message }) => message)).toEqual([expect.stringContaining('"user"')]);
  });

  test('may call the method that it labels', async () => {
    const holder: { subject?: { work(): unknown } } = {};
    const { subject, lines } = counted(() => {
      holder.subject?.work();
      return { tier: 'free' };
    });
    holder.subject = subject;
    subject.work();
    expect(await lines()).toEqual(['orders_total{tier="__error__",status="success"} 1', 'orders_total{tier="free",status="success"} 1']);
  });
});

describe('the series', () => {
  test('are there at 0 before the first call where all values are listed, in an application too', async () => {
    @Service()
    class Orders {
      @Counted({
        name: 'orders_total',
        labelValues: { tier: ['free', 'paid'], first: [true, false] },
        labels: () => ({ tier: 'free', first: true }),
      })
      create(): void {}
    }
    const { app } = await start(bareApplication([Orders]));
    expect(await linesOf(app, 'orders_total')).toHaveLength(8);
    app.resolve(Orders).create();
    expect((await linesOf(app, 'orders_total')).filter((line) => !line.endsWith(' 0'))).toEqual([
      'orders_total{tier="free",first="true",status="success"} 1',
    ]);
  });

  test('come back after they were removed, reset or cleared', async () => {
    const { registry, of } = reporting();
    class Orders {
      @Counted({ name: 'orders_total', labelValues: { tier: ['free'] }, labels: () => ({ tier: 'free' }) })
      create(): void {}
    }
    const orders = instrument(new Orders(), { registry });
    for (const forget of [() => registry.resetMetrics(), () => registry.removeSingleMetric('orders_total'), () => registry.clear()]) {
      orders.create();
      forget();
      orders.create();
      expect(await of('orders_total')).toContain('orders_total{tier="free",status="success"} 1');
      registry.resetMetrics();
    }
  });
});

test('a metric whose name was taken meanwhile costs no call', () => {
  const { registry, reported } = reporting();
  class Orders {
    @Counted({ name: 'orders_total', labelValues: { n: {} }, labels: ({ args: [n] }) => ({ n }) })
    create(n: number): number {
      return n;
    }
  }
  const orders = instrument(new Orders(), { registry });
  orders.create(1);
  registry.clear();
  registry.gauge({ name: 'orders_total', help: 'Another.' });
  expect([orders.create(1), orders.create(2)]).toEqual([1, 2]);
  expect(reported.map(({ code }) => code)).toEqual(['TSK_ERR_METRIC_SHAPE']);
});

describe('at the declaration', () => {
  const declare = (options: object, decorator: typeof Timed | typeof Counted = Timed) => {
    class Orders {
      create(): void {}
    }
    (decorator(options as never) as unknown as MethodDecorator)(Orders.prototype, 'create', {});
  };
  const labels = () => ({});

  test.each<[object, string]>([
    [{ labels }, 'labelValues: undefined. Use labelValues such as'],
    [{ labels, labelValues: {} }, 'labelValues without a label'],
    [{ labels, labelValues: ['tier'] }, 'labelValues: a list of 1 entry'],
    [{ labels, labelValues: { '0a': ['x'] } }, 'labelValues with "0a", which is not a label name'],
    [{ labels, labelValues: { le: ['x'] } }, 'labelValues with "le"'],
    [{ labels, labelValues: { tier: [] } }, 'labelValues.tier without values'],
    [{ labels, labelValues: { tier: ['a', null] } }, 'labelValues.tier[1]: null'],
    [{ labels, labelValues: { tier: ['__other__'] } }, 'labelValues.tier[0]: __other__, which is reserved'],
    [{ labels, labelValues: { tier: 'free' } }, 'labelValues.tier: '],
    [{ labels, labelValues: { tier: { max: 3 } } }, 'labelValues.tier with an unknown key, "max"'],
    [{ labels, labelValues: { tier: { maxValues: 0 } } }, 'labelValues.tier.maxValues: 0. Use an integer from 1 to 10000.'],
    [{ labels, labelValues: { tier: { maxValues: 2.5 } } }, 'labelValues.tier.maxValues: 2.5'],
    [{ labels: { tier: 'free' }, labelValues: { tier: ['free'] } }, 'labelValues without a function'],
    [{ labelValues: { tier: ['free'] } }, 'labelValues without a function'],
  ])('%j is refused', (options, what) => {
    const error = thrownBy(() => declare({ name: 'x_seconds', ...options }));
    expect(error).toContain('TSK_ERR_DECORATOR_ARGUMENT: @Timed on Orders.create was given ');
    expect(error).toContain(what);
  });

  test('a label status is refused for a counter, and labels of the call for a gauge', async () => {
    const { Gauged } = await import('@tsukimi/instrumentation');
    expect(thrownBy(() => declare({ name: 'x_total', labels, labelValues: { status: ['x'] } }, Counted))).toContain('a label status');
    expect(thrownBy(() => declare({ name: 'x', labels, labelValues: { tier: ['x'] } }, Gauged as never))).toContain(
      'labels that depend on the call',
    );
  });

  test('two methods with different labels for one metric stop the start', async () => {
    @Service()
    class Orders {
      @Counted({ name: 'orders_total', labelValues: { tier: ['free'] }, labels: () => ({ tier: 'free' }) })
      create(): void {}
      @Counted({ name: 'orders_total', labelValues: { kind: ['x'] }, labels: () => ({ kind: 'x' }) })
      cancel(): void {}
    }
    expect(await startFailure(bareApplication([Orders]))).toContain(
      'TSK_ERR_OBSERVER_METRIC: @Counted({ name: "orders_total" }) on Orders.cancel: ',
    );
  });
});
