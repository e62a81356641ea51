/** Native promises: over when they settle. */
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
  handOn<T>(promise: T): T {
    return promise;
  }
}

const make = () => new Mailer();

describe('An async method', () => {
  test('is timed until its promise settles', async () => {
    const counted = await playedAlike({ make, script: (mailer, world) => mailer.send(world, 6) });
    expect(counted).toEqual({ send: calls(1, 0, 7) });
  });

  test('gives a native promise', async () => {
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

  test('that nobody awaits is counted all the same', async () => {
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

  test('adopts what it returns as it would: promises, thenables, other methods', async () => {
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

describe('A promise returned by a method that is not async', () => {
  test('is timed until it settles, fulfilled or rejected', async () => {
    const counted = await playedAlike({
      make,
      script: async (mailer, { advance }) => {
        const waiting = mailer.handOn(setImmediate('later'));
        advance(4);
        await mailer.handOn(Promise.reject(new Error('no'))).catch(() => undefined);
        return waiting;
      },
    });
    expect(counted).toEqual({ handOn: calls(1, 1, 4) });
  });

  test('returned twice is one promise for its callers, and two calls', async () => {
    const counted = await playedAlike({
      make: () => {
        const cached = Promise.resolve('cached');
        return { get: () => cached, again: () => cached };
      },
      script: (subject) => {
        const first = subject.get();
        return [subject.get() === first, subject.again() === first];
      },
    });
    expect(counted).toEqual({ get: calls(2, 0), again: calls(1, 0) });
  });

  test('handed on through several methods is a call of each', async () => {
    class Layers {
      outer(): Promise<string> {
        return this.middle();
      }
      middle(): Promise<string> {
        return this.inner();
      }
      async inner(): Promise<string> {
        return 'inner';
      }
    }
    const counted = await playedAlike({ make: () => new Layers(), script: (layers) => layers.outer() });
    expect(counted).toEqual({ outer: calls(1, 0), middle: calls(1, 0), inner: calls(1, 0) });
  });

  test('keeps what was hung on it', async () => {
    const counted = await playedAlike({
      make: () => ({
        start: () => {
          let cancel: () => void = () => undefined;
          const promise = new Promise<string>((resolve) => {
            cancel = () => resolve('cancelled');
          });
          return Object.assign(promise, { cancel, [Symbol.for('id')]: 7 });
        },
      }),
      script: (subject, { log }) => {
        const running = subject.start();
        log(Object.keys(running), running[Symbol.for('id') as keyof typeof running]);
        running.cancel();
        return running;
      },
    });
    expect(counted).toEqual({ start: calls(1, 0) });
  });

  test('that is already settled, in either way', async () => {
    const counted = await playedAlike({
      make,
      script: async (mailer, { log }) => {
        const rejected = Promise.reject(new Error('long ago'));
        rejected.catch(() => undefined);
        await setImmediate();
        await mailer.handOn(rejected).catch((error) => log(error));
        log(await mailer.handOn(Promise.resolve(5)));
      },
    });
    expect(counted).toEqual({ handOn: calls(1, 1) });
  });
});

describe('A promise subclass', () => {
  class Task<T> extends Promise<T> {
    label = 'task';
    override then<A = T, B = never>(
      onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
      onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
    ): Promise<A | B> {
      return super.then(onFulfilled, onRejected);
    }
  }

  class Plain<T> extends Promise<T> {}

  test('without a then of its own', async () => {
    const counted = await playedAlike({
      make,
      script: async (mailer, { log }) => {
        log(
          await mailer.handOn(Plain.resolve('plain')),
          await mailer.handOn(Plain.reject(new Error('no'))).catch((error) => error.message),
        );
        log(mailer.handOn(Plain.resolve(1)).then((value) => value) instanceof Plain);
        await setImmediate();
      },
    });
    expect(counted).toEqual({ handOn: calls(2, 1) });
  });

  test('stays what it is, and is timed from when its caller calls then until it settles', async () => {
    const counted = await playedAlike({
      make,
      script: async (mailer, { log, advance }) => {
        const task = new Task<string>((resolve) => setImmediate().then(() => resolve('done')));
        const returned = mailer.handOn(task);
        log(returned === task, returned instanceof Task, returned.label, Object.keys(returned));
        advance(2);
        const waiting = returned.then((value) => log(value));
        advance(5);
        await waiting;
        log(Object.keys(task), Object.hasOwn(task, 'then'));
      },
    });
    expect(counted).toEqual({ handOn: calls(1, 0, 5) });
  });

  test.each([
    ['await', async (task: Promise<unknown>) => await task],
    ['catch', (task: Promise<unknown>) => task.catch((error) => Promise.reject(error))],
    ['finally', (task: Promise<unknown>) => task.finally(() => undefined)],
    ['Promise.all', (task: Promise<unknown>) => Promise.all([task])],
  ])('that rejects is a failure: %s', async (_how, wait) => {
    const counted = await playedAlike({ make, script: (mailer) => wait(mailer.handOn(Task.reject(new Error('no')))) });
    expect(counted).toEqual({ handOn: calls(0, 1) });
  });
});
