/** What is wrong with a `@Timed`, `@Counted` or `@Gauged` shows where the class is declared, or at start. */
import { Application, type Class, Component, Service } from '@tsukimi/core';
import { Counted, Gauged, instrument, Timed } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { bareApplication, instrumentedApplication, startFailure } from '../../support/start.js';
import { thrownBy } from '../../support/thrown-by.js';

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
