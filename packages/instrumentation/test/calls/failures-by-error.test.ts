/** `component_failures_total`: the failures of methods by the class of their error. */
import { runInNewContext } from 'node:vm';
import { Service } from '@tsukimi/core';
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonView, linesOf } from '../support/scrape.js';
import { instrumentedApplication, start } from '../support/start.js';

class Failing {
  sync(thrown: unknown): never {
    throw thrown;
  }
  async later(thrown: unknown): Promise<never> {
    throw thrown;
  }
  handed(thrown: unknown): Promise<never> {
    return Promise.reject(thrown);
  }
  *rows(thrown: unknown): Generator<number> {
    yield 1;
    throw thrown;
  }
  async *stream(thrown: unknown): AsyncGenerator<number> {
    yield 1;
    throw thrown;
  }
  lazy(thrown: unknown): PromiseLike<never> {
    // biome-ignore lint/suspicious/noThenProperty: a lazy query, as query builders are.
    return { then: (onFulfilled, onRejected) => Promise.reject(thrown).then(onFulfilled, onRejected) };
  }
  throwing(thrown: unknown): PromiseLike<never> {
    return {
      // biome-ignore lint/suspicious/noThenProperty: a lazy query, as query builders are.
      then: () => {
        throw thrown;
      },
    };
  }
}

/** The lines of the metric. */
async function failures(registry: MetricsRegistry): Promise<string[]> {
  const lines = (await registry.expose({ names: ['component_failures_total'] })).split('\n');
  return lines.filter((line) => line.startsWith('component_failures_total')).sort();
}

async function attempt(run: () => unknown): Promise<void> {
  try {
    const result = run();
    if (typeof result === 'object' && result !== null && Symbol.iterator in result) [...(result as Iterable<unknown>)];
    else if (typeof result === 'object' && result !== null && Symbol.asyncIterator in result)
      for await (const _ of result as AsyncIterable<unknown>);
    else await result;
  } catch {}
}

class PaymentError extends Error {}

/** An error of a class of this name. */
function errorNamed(name: string): Error {
  const classes: Record<string, new () => Error> = { [name]: class extends Error {} };
  return new (classes[name] as new () => Error)();
}

describe('Failures by error', () => {
  test('have the class of what was thrown, in every kind of method', async () => {
    const registry = new MetricsRegistry();
    const failing = instrument(new Failing(), { registry, thrownErrorClasses: true });
    for (const method of ['sync', 'later', 'handed', 'rows', 'stream', 'lazy', 'throwing'] as const)
      for (const error of [new TypeError('a'), new PaymentError('b'), new PaymentError('c')]) await attempt(() => failing[method](error));
    expect(await failures(registry)).toEqual(
      ['handed', 'later', 'lazy', 'rows', 'stream', 'sync', 'throwing'].flatMap((method) => [
        `component_failures_total{component="Failing",method="${method}",error="PaymentError"} 2`,
        `component_failures_total{component="Failing",method="${method}",error="TypeError"} 1`,
      ]),
    );
  });

  test('are __unseen__ for what is thrown where nobody looks, so that the process prints what it would', async () => {
    const registry = new MetricsRegistry();
    const failing = instrument(new Failing(), { registry });
    for (const method of ['sync', 'later', 'handed', 'rows', 'throwing'] as const) await attempt(() => failing[method](new PaymentError()));
    expect(await failures(registry)).toEqual([
      'component_failures_total{component="Failing",method="handed",error="PaymentError"} 1',
      'component_failures_total{component="Failing",method="later",error="PaymentError"} 1',
      'component_failures_total{component="Failing",method="rows",error="__unseen__"} 1',
      'component_failures_total{component="Failing",method="sync",error="__unseen__"} 1',
      'component_failures_total{component="Failing",method="throwing",error="__unseen__"} 1',
    ]);
  });

  test('add up to the failed calls, and have no series where nothing fails', async () => {
    const registry = new MetricsRegistry();
    const failing = instrument(new Failing(), { registry });
    expect(await failures(registry)).toEqual([]);
    for (let n = 0; n < 3; n += 1) await attempt(() => failing.later(n % 2 === 0 ? new Error('even') : 'odd'));
    const { instruments } = registry;
    const sum = (name: string, status?: string) =>
      instruments
        .filter((each) => each.name === name)
        .flatMap(({ series }) => series)
        .filter(({ labelValues }) => status === undefined || labelValues.includes(status))
        .reduce((total, series) => total + (series as unknown as { value: number }).value, 0);
    expect([sum('component_failures_total'), sum('component_calls_total', 'failure')]).toEqual([3, 3]);
  });

  test('have 20 classes for each method, and __other__ for the rest', async () => {
    const registry = new MetricsRegistry();
    const failing = instrument(new Failing(), { registry });
    for (let n = 0; n < 25; n += 1) await attempt(() => failing.later(errorNamed(`Error${n}`)));
    await attempt(() => failing.later(errorNamed('Error0')));
    await attempt(() => failing.handed(new RangeError()));
    const lines = await failures(registry);
    expect(lines.filter((line) => line.includes('method="later"'))).toHaveLength(21);
    expect(lines).toContain('component_failures_total{component="Failing",method="later",error="__other__"} 5');
    expect(lines).toContain('component_failures_total{component="Failing",method="later",error="Error0"} 2');
    expect(lines).toContain('component_failures_total{component="Failing",method="handed",error="RangeError"} 1');
  });

  test('are in the JSON of an application, which looks at what is thrown unless it is told otherwise', async () => {
    @Service()
    class Orders extends Failing {}
    for (const [configuration, error] of [
      [{}, 'PaymentError'],
      [{ instrumentation: { thrown_error_classes: false } }, '__unseen__'],
    ] as const) {
      const { app } = await start(instrumentedApplication([Orders]), { configuration });
      await attempt(() => app.resolve(Orders).sync(new PaymentError()));
      const { methods } = (await jsonView(app)).instrumentation.components.Orders;
      expect([methods.sync.failures_by_error, methods.later.failures_by_error]).toEqual([{ [error]: 1 }, undefined]);
      expect(await linesOf(app, 'component_failures_total')).toEqual([
        `component_failures_total{component="Orders",method="sync",error="${error}"} 1`,
      ]);
    }
  });

  test('come back after they were removed, reset or cleared', async () => {
    const registry = new MetricsRegistry();
    const failing = instrument(new Failing(), { registry });
    for (const forget of [
      () => registry.resetMetrics(),
      () => registry.removeSingleMetric('component_failures_total'),
      () => registry.clear(),
    ]) {
      await attempt(() => failing.later(new PaymentError()));
      forget();
      await attempt(() => failing.later(new PaymentError()));
      expect(await failures(registry)).toEqual(['component_failures_total{component="Failing",method="later",error="PaymentError"} 1']);
      registry.resetMetrics();
    }
  });
});

describe('The name of an error', () => {
  async function nameOf(thrown: unknown): Promise<string | undefined> {
    const registry = new MetricsRegistry();
    const failing = instrument(new Failing(), { registry, thrownErrorClasses: true });
    let caught: { readonly thrown: unknown } | undefined;
    try {
      failing.sync(thrown);
    } catch (error) {
      caught = { thrown: error };
    }
    expect(Object.is(caught?.thrown, thrown)).toBe(true);
    return /error="(.*)"\} 1$/.exec((await failures(registry)).join())?.[1];
  }

  const throws = () => {
    throw new Error('nobody may read this');
  };
  const revoked = Proxy.revocable(new Error(), {});
  revoked.revoke();
  const named = (name: string) => Object.assign(new PaymentError(), { name });

  test.each<[string, unknown, string]>([
    ['an error', new RangeError(), 'RangeError'],
    ['an error of a class', new PaymentError(), 'PaymentError'],
    ['a text with data', 'user 42 not found', 'string'],
    ['a number', 42, 'number'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a symbol', Symbol('secret'), 'symbol'],
    ['a plain object', { code: 'E1' }, 'Object'],
    ['an object without a prototype', Object.create(null), 'Object'],
    ['a list', [1], 'Array'],
    ['a function', () => 1, 'Function'],
    ['an error with a name that has data', named('Order 4711 of alice@example.com'), 'PaymentError'],
    ['a frozen error', Object.freeze(new PaymentError()), 'PaymentError'],
    ['a proxy', new Proxy(new Error(), { get: throws, getPrototypeOf: throws, getOwnPropertyDescriptor: throws }), 'Proxy'],
    ['a revoked proxy', revoked.proxy, 'Proxy'],
    ['an error of another realm', runInNewContext("new RangeError('x')"), 'RangeError'],
    ['an object of another realm', runInNewContext('({})'), 'Object'],
    ['an error with a constructor of its own', Object.defineProperty(new PaymentError(), 'constructor', { get: throws }), 'PaymentError'],
    ['an error whose name throws', Object.defineProperty(new PaymentError(), 'name', { get: throws }), 'PaymentError'],
    ['an error without a class', Object.setPrototypeOf(new Error(), null), 'Error'],
    ['an error of a class without a name', new (class extends PaymentError {})(), 'PaymentError'],
    [
      'an error of a class whose name throws',
      new (class Named extends PaymentError {
        static override get name(): string {
          return throws();
        }
      })(),
      'PaymentError',
    ],
    [
      'an error whose prototype has a constructor that throws',
      Object.create(Object.defineProperty(Object.create(Error.prototype), 'constructor', { get: throws })),
      'Error',
    ],
    [
      'an error whose prototype is a proxy',
      Object.setPrototypeOf(new Error(), new Proxy({}, { get: throws, getOwnPropertyDescriptor: throws, getPrototypeOf: throws })),
      'Error',
    ],
    ['a class with a name that has data', errorNamed('a "b"\n{c="d"} é$_1'), 'a__b___c__d___é$_1'],
    ['a class with a long name', errorNamed('X'.repeat(500)), 'X'.repeat(64)],
    ['a DOMException', new DOMException('x', 'AbortError'), 'DOMException'],
  ])('of %s', async (_what, thrown, name) => {
    expect(await nameOf(thrown)).toBe(name);
  });

  test('is short and safe, whatever is thrown, which the caller gets as it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.anything({ withNullPrototype: true, withBigInt: true }), fc.string().map(errorNamed)),
        async (thrown) => {
          expect(await nameOf(thrown)).toMatch(/^[\p{L}\p{N}_$]{1,64}$/u);
        },
      ),
      { numRuns: 60 },
    );
  });
});
