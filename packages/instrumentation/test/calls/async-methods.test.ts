/** Async methods: over when their promises settle. */
// biome-ignore-all lint/suspicious/noThenProperty: thenables are what this is about.
import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { calls, playedAlike, type World } from './support/compare.js';

class Mailer {
  async send(world: World, milliseconds: number): Promise<string> {
    world.advance(1);
    await setImmediate();
    world.advance(milliseconds);
    return 'sent';
  }
  async reject(reason: unknown): Promise<never> {
    await null;
    throw reason;
  }
  async rejectAtOnce(reason: unknown): Promise<never> {
    throw reason;
  }
}

const make = () => new Mailer();

describe('An async method', () => {
  test('is timed until its promise settles', async () => {
    const counted = await playedAlike({ make, script: (mailer, world) => mailer.send(world, 6) });
    expect(counted).toEqual({ send: calls(1, 0, 7) });
  });

  test('returns a native promise', async () => {
    await playedAlike({
      make,
      script: async (mailer, world) => {
        const promise = mailer.send(world, 1);
        world.log(
          promise instanceof Promise,
          promise.constructor === Promise,
          Reflect.ownKeys(promise).filter((key) => typeof key === 'string'),
        );
        await promise;
      },
    });
  });

  test('that is not awaited is still counted', async () => {
    const counted = await playedAlike({
      make,
      script: async (mailer, world) => {
        void mailer.send(world, 2);
        await setImmediate();
        await setImmediate();
      },
    });
    expect(counted).toEqual({ send: calls(1, 0, 3) });
  });

  test('that never settles is not over', async () => {
    const counted = await playedAlike({
      make: () => ({ wait: async () => new Promise(() => undefined) }),
      script: async (subject) => {
        void subject.wait();
        await setImmediate();
      },
    });
    expect(counted).toEqual({});
  });

  test('adopts the returned promises and thenables as before', async () => {
    class Chain {
      async first(): Promise<string> {
        return this.second();
      }
      async second(): Promise<string> {
        return { then: (resolve: (value: string) => void) => resolve('third') } as unknown as string;
      }
    }
    const counted = await playedAlike({ make: () => new Chain(), script: (chain) => chain.first() });
    expect(counted).toEqual({ first: calls(1, 0), second: calls(1, 0) });
  });
});

describe('An async method that rejects', () => {
  test.each([
    ['an error', new TypeError('no')],
    ['undefined', undefined],
    ['null', null],
    ['a promise that rejected', Object.freeze({ code: 2 })],
  ])('rejects with the same %s, and is a failure', async (_what, reason) => {
    const counted = await playedAlike({
      make,
      script: async (mailer, { log }) => {
        for (const method of ['reject', 'rejectAtOnce'] as const) await mailer[method](reason).catch((caught) => log(caught === reason));
        await Promise.allSettled([mailer.reject(reason)]).then(([settled]) => log(settled?.status));
        await mailer.reject(reason).then(undefined, (caught) => log(caught === reason));
      },
    });
    expect(counted).toEqual({ reject: calls(0, 3), rejectAtOnce: calls(0, 1) });
  });

  test('keeps the async stack of its error, down to the caller', async () => {
    class Layers {
      async outer(): Promise<void> {
        await this.inner();
      }
      async inner(): Promise<void> {
        await setImmediate();
        throw new Error('deep down');
      }
    }
    await playedAlike({
      make: () => new Layers(),
      script: async (layers, { log }) => {
        const error: Error = await layers.outer().catch((caught) => caught);
        log(error.stack?.match(/(inner|outer)/g));
      },
    });
  });
});

describe('Concurrent calls', () => {
  test('on one instance are counted each for itself, whatever order they end in', async () => {
    const counted = await playedAlike({
      make: () => {
        const open: ((value: string) => void)[] = [];
        return { open, wait: () => new Promise<string>((resolve) => open.push(resolve)) };
      },
      script: async (subject, { log, advance }) => {
        const all = [1, 2, 3].map((n) => subject.wait().then((value) => log(n, value)));
        advance(5);
        subject.open[2]?.('third');
        await setImmediate();
        advance(5);
        subject.open[0]?.('first');
        subject.open[1]?.('second');
        await Promise.all(all);
      },
    });
    expect(counted).toEqual({ wait: calls(3, 0, 5 + 10 + 10) });
  });

  test('of an async method each keep their own beginning, also after others have ended', async () => {
    const counted = await playedAlike({
      make: () => {
        const open: (() => void)[] = [];
        return { open, wait: async () => await new Promise<void>((resolve) => open.push(resolve)) };
      },
      script: async (subject, { advance }) => {
        for (let round = 0; round < 3; round += 1) {
          const all = [];
          for (let n = 0; n < 3; n += 1) {
            all.push(subject.wait());
            advance(10);
          }
          for (const end of subject.open.splice(0)) {
            end();
            await setImmediate();
          }
          await Promise.all(all);
        }
      },
    });
    expect(counted).toEqual({ wait: calls(9, 0, 3 * (30 + 20 + 10)) });
  });

  test('a thousand of an async method at once', async () => {
    const counted = await playedAlike({
      make: () => ({
        async half(n: number) {
          await setImmediate();
          if (n % 2 === 1) throw new Error(`odd ${n}`);
          return n / 2;
        },
      }),
      script: (subject) => Promise.allSettled(Array.from({ length: 1000 }, (_, n) => subject.half(n))).then((all) => JSON.stringify(all)),
    });
    expect(counted).toEqual({ half: calls(500, 500) });
  });
});
