/** One promise or thenable that is returned many times: counted each time, in linear time and flat memory. */
// biome-ignore-all lint/suspicious/noThenProperty: thenables are what this is about.
import { setImmediate } from 'node:timers/promises';
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import Bluebird from 'bluebird';
import fc from 'fast-check';
import knex from 'knex';
import { describe, expect, test } from 'vitest';
import { callsIn } from './support/calls-in.js';
import { calls, playedAlike } from './support/compare.js';
import { collectGarbage, collectUntil } from './support/garbage.js';

class Deferred<T> extends Promise<T> {}

/** Own thenables: one that poses as a promise, and one that is lazy. */
class Posing {
  readonly #promise: Promise<unknown>;
  constructor(promise: Promise<unknown>) {
    this.#promise = promise;
    Object.setPrototypeOf(Posing.prototype, Promise.prototype);
  }
  then(...handlers: never[]): Promise<unknown> {
    return this.#promise.then(...handlers);
  }
}

const kinds: Record<string, (promise: Promise<unknown>) => PromiseLike<unknown>> = {
  'native promise': (promise) => promise,
  'promise subclass': (promise) => Deferred.resolve(promise),
  'Bluebird promise': (promise) => Bluebird.resolve(promise),
  'thenable that poses as a promise': (promise) => new Posing(promise) as PromiseLike<unknown>,
  'thenable with an own then': (promise) => ({ then: promise.then.bind(promise) }),
};

describe('A value that is returned many times', () => {
  test.each(Object.entries(kinds).flatMap(([kind, make]) => [[kind, 'fulfils', make] as const, [kind, 'rejects', make] as const]))(
    'a %s that %s ends every call that returned it: 20,000 waiters',
    async (_kind, how, make) => {
      let now = 0n;
      const registry = new MetricsRegistry({ clock: () => now });
      let settle: () => void = () => undefined;
      const promise = new Promise((resolve, reject) => {
        settle = () => (how === 'fulfils' ? resolve('up') : reject(new Error('down')));
      });
      const ready = make(promise);
      const connection = instrument({ whenReady: () => ready }, { component: 'Connection', registry });
      const waiting = Promise.allSettled(Array.from({ length: 20_000 }, async () => await connection.whenReady()));
      await setImmediate();
      now += 20_000_000n;
      settle();
      const outcomes = await waiting;
      expect(outcomes.filter(({ status }) => status === (how === 'fulfils' ? 'fulfilled' : 'rejected'))).toHaveLength(20_000);
      const counted = await callsIn(registry);
      expect(counted['whenReady']).toMatchObject({ success: how === 'fulfils' ? 20_000 : 0, failure: how === 'fulfils' ? 0 : 20_000 });
      expect(counted['whenReady']?.seconds).toBeCloseTo(20_000 * 0.02, 6);
    },
  );

  test.each([
    ['a query builder', () => knex({ client: 'better-sqlite3', useNullAsDefault: true }).queryBuilder().select(1) as unknown as object],
    ['a promise that never settles', () => new Promise(() => undefined)],
    ['a promise subclass', () => new Deferred(() => undefined)],
    ['a Bluebird promise', () => new Bluebird(() => undefined)],
  ])('%s that is handed out 200,000 times and never awaited holds no memory for each', async (_what, make) => {
    const registry = new MetricsRegistry();
    const subject = instrument({ value: make(), get: (value: object) => value, again: (value: object) => value }, { registry });
    const handOut = (): void => {
      for (let n = 0; n < 100_000; n += 1) {
        subject.get(subject.value);
        subject.again(subject.value);
      }
    };
    subject.get(subject.value);
    await collectGarbage();
    const before = process.memoryUsage().heapUsed;
    handOut();
    await collectGarbage();
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(1_000_000);
  });

  test('a builder that is never awaited is counted to the unit, of each method and in each registry, with what its methods took', async () => {
    let now = 0n;
    const registries = [1, 2].map(() => new MetricsRegistry({ clock: () => now }));
    const handOut = (): void => {
      const builder = { then: () => undefined };
      const subject = {
        get: () => {
          now += 1_000n;
          return builder;
        },
        again: () => {
          now += 3_000n;
          return builder;
        },
      };
      for (const registry of registries) instrument(subject, { component: 'Subject', registry });
      for (let n = 0; n < 5_000; n += 1) {
        subject.get();
        subject.again();
      }
    };
    handOut();
    for (const registry of registries) {
      expect(await collectUntil(async () => (await callsIn(registry))['again']?.success === 5_000)).toBe(true);
      const { get, again } = await callsIn(registry);
      expect([get?.success, again?.success]).toEqual([5_000, 5_000]);
      expect(get?.seconds).toBeCloseTo(0.005, 9);
      expect(again?.seconds).toBeCloseTo(0.015, 9);
    }
  });

  test('a lazy thenable that is returned often and run once ends every call, from when it was run', async () => {
    const counted = await playedAlike({
      make: ({ advance }) => {
        const query = {
          then: (resolve: (rows: string) => void) => {
            advance(10);
            resolve('rows');
          },
        };
        return { all: () => query, where: () => query };
      },
      script: async (subject, { advance, log }) => {
        for (let n = 0; n < 3; n += 1) {
          subject.all();
          advance(100);
          subject.where();
        }
        log(await subject.where());
        log(await subject.all());
      },
    });
    expect(counted).toEqual({ all: calls(4, 0, 40), where: calls(4, 0, 40) });
  });

  test('counts and sums are exact, whatever is returned, awaited and settled when', async () => {
    const action = fc.record({
      method: fc.constantFrom('a', 'b'),
      times: fc.integer({ min: 1, max: 700 }),
      ms: fc.nat(50),
      waits: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...Object.values(kinds)),
        fc.array(action, { minLength: 1, maxLength: 6 }),
        fc.boolean(),
        async (make, actions, fulfils) => {
          let now = 0n;
          const registry = new MetricsRegistry({ clock: () => now });
          let settle: () => void = () => undefined;
          const value = make(
            new Promise((resolve, reject) => {
              settle = () => (fulfils ? resolve(1) : reject(new Error('no')));
            }),
          );
          const subject = instrument({ a: () => value, b: () => value }, { component: 'Subject', registry });
          const expected: Record<string, { count: number; seconds: number }> = {};
          const end = actions.reduce((sum, { ms }) => sum + ms, 0);
          let at = 0;
          for (const { method, times, ms, waits } of [...actions, { method: 'a', times: 1, ms: 0, waits: true }]) {
            const entry = expected[method] ?? { count: 0, seconds: 0 };
            expected[method] = entry;
            for (let n = 0; n < times; n += 1) subject[method as 'a' | 'b']();
            if (waits) value.then(undefined, () => undefined);
            entry.count += times;
            entry.seconds += (times * (end - at)) / 1000;
            at += ms;
            now += BigInt(ms) * 1_000_000n;
            await null;
          }
          settle();
          await setImmediate();
          const counted = await callsIn(registry);
          for (const [method, { count, seconds }] of Object.entries(expected)) {
            expect(counted[method]).toMatchObject(fulfils ? { success: count, failure: 0 } : { success: 0, failure: count });
            expect(counted[method]?.seconds).toBeCloseTo(seconds, 6);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
