/** What can be seen of an instrumented instance besides its methods: nothing new. */
import assert from 'node:assert/strict';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { playedAlike } from './support/compare.js';

class Order {
  readonly id = 7;
  readonly lines = [{ sku: 'a', amount: 2 }];
  readonly at = new Date(0);
  #secret = 'hidden';
  total(): number {
    return this.lines.length;
  }
  secret(): string {
    return this.#secret;
  }
}

class Money {
  readonly cents = 100;
  toJSON(): string {
    return `${this.cents} cents`;
  }
  toString(): string {
    return `$${this.cents / 100}`;
  }
  valueOf(): number {
    return this.cents;
  }
  [inspect.custom](): string {
    return 'Money';
  }
  [Symbol.dispose](): void {}
}

const make = () => new Order();

describe('An instrumented instance', () => {
  test('has the same keys, entries, copies and text', async () => {
    await playedAlike({
      make,
      script: (order, { log }) => {
        const inherited: string[] = [];
        for (const key in order) inherited.push(key);
        log(inherited, Object.keys(order), Object.entries(order), { ...order }, Object.assign({}, order), structuredClone(order));
        log(JSON.stringify(order), inspect(order), inspect(order, { depth: 0 }), `${order}`, Object.prototype.toString.call(order));
        log('total' in order, 'nothing' in order, Reflect.has(order, 'secret'), order.constructor === Order, order instanceof Order);
        log(Object.getPrototypeOf(order) === Order.prototype, Object.isExtensible(order), Object.isSealed(order));
      },
    });
  });

  test('equals a bare one', async () => {
    await playedAlike({
      make,
      script: (order) => {
        expect(order).toStrictEqual(new Order());
        expect(new Order()).toStrictEqual(order);
        assert.deepStrictEqual(order, new Order());
      },
    });
  });

  test('is copied by its prototype and descriptors as it would be', async () => {
    await playedAlike({
      make: () => new Money(),
      script: (money) => {
        const copy: Money = Object.create(Object.getPrototypeOf(money), Object.getOwnPropertyDescriptors(money));
        return [copy.toString(), copy.cents, JSON.stringify({ copy })];
      },
    });
  });

  test('converts itself as it did', async () => {
    await playedAlike({ make: () => new Money(), script: (money) => [JSON.stringify({ money }), `${money}`, +money, inspect(money)] });
  });

  test('is disposed of as it was', async () => {
    await playedAlike({
      make: ({ log }) => ({ open: () => ({ [Symbol.dispose]: () => log('disposed'), name: 'resource' }) }),
      script: (subject, { log }) => {
        using resource = subject.open();
        log(resource.name);
      },
    });
  });
});
