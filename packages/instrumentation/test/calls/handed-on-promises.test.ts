/** Promises that a method did not make itself, and promises that are more than that: over when they settle. */
// biome-ignore-all lint/suspicious/noThenProperty: thenables are what this is about.
import { setImmediate } from 'node:timers/promises';
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { callsIn } from './support/calls-in.js';
import { calls, playedAlike, type World } from './support/compare.js';

class Mailer {
  handOn<T>(promise: T): T {
    return promise;
  }
}

const make = () => new Mailer();

interface Settle {
  readonly resolve: (value: unknown) => void;
  readonly reject: (reason: Error) => void;
}

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

  test('and given by another measured method is that very promise, and each call takes until it settles', async () => {
    class Layers {
      kept: Promise<string> | undefined;
      constructor(private readonly settled: Promise<void>) {}
      outer(): Promise<string> {
        this.kept = this.inner();
        return this.kept;
      }
      async inner(): Promise<string> {
        await this.settled;
        return 'inner';
      }
    }
    let settle: () => void = () => undefined;
    const counted = await playedAlike({
      make: () => new Layers(new Promise((resolve) => (settle = resolve))),
      script: (layers, { advance, log }) => {
        const first = layers.outer();
        log(first === layers.kept);
        advance(3);
        settle();
        return first;
      },
    });
    expect(counted).toEqual({ outer: calls(1, 0, 3), inner: calls(1, 0, 3) });
  });

  test.each([
    ['fulfils', (settle: Settle) => settle.resolve('value'), { success: 3, failure: 0 }],
    ['rejects', (settle: Settle) => settle.reject(new Error('no')), { success: 0, failure: 3 }],
  ])('and kept is one promise before and after it %s, however often it is returned', async (_how, end, counts) => {
    class Cache {
      kept: Promise<unknown> | undefined;
      constructor(readonly source: Promise<unknown>) {}
      get(): Promise<unknown> {
        this.kept ??= this.load();
        return this.kept;
      }
      async load(): Promise<unknown> {
        return this.source;
      }
      async other(): Promise<void> {}
    }
    let settle: Settle = { resolve: () => undefined, reject: () => undefined };
    const counted = await playedAlike({
      make: () => new Cache(new Promise((resolve, reject) => (settle = { resolve, reject }))),
      script: async (cache, { advance, log }) => {
        const first = cache.get();
        // A promise that is younger: the cached one has to be known by itself.
        const other = cache.other();
        advance(1);
        const second = cache.get();
        advance(1);
        end(settle);
        await Promise.allSettled([first, other]);
        advance(5);
        const third = cache.get();
        advance(7);
        log(first === second, second === third, first === cache.kept);
        log(await third.catch((error: Error) => error.message));
      },
    });
    // 2 ms until it settled for the first call, 1 ms for the second; the third is over at once.
    expect(counted['get']).toEqual({ ...counts, seconds: 0.003 });
    expect(counted['load']).toMatchObject({ seconds: 0.002 });
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

  test.each([
    [
      'then',
      (log: World['log']) => ({
        then: (resolve: (value: string) => void) => {
          log('its own then');
          resolve('lazily');
        },
      }),
    ],
    ['constructor', () => ({ constructor: class Other extends Promise<unknown> {} })],
  ])('with a %s of its own stays the promise it is', async (_what, own) => {
    const counted = await playedAlike({
      make,
      script: async (mailer, { log }) => {
        const promise = Object.assign(Promise.resolve('value'), own(log));
        const returned = mailer.handOn(promise);
        log(returned === promise);
        log(await returned.then((value) => value));
      },
    });
    expect(counted).toMatchObject({ handOn: { success: 1, failure: 0 } });
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

  /** As Bluebird's way in by a callback, of a promise that counts how many are made. */
  class Counting<T> extends Promise<T> {
    static made = 0;
    constructor(executor: ConstructorParameters<typeof Promise<T>>[0]) {
      super(executor);
      Counting.made += 1;
    }
    asCallback(callback: (reason: unknown, value?: T) => void): void {
      Promise.prototype.then.call(this, (value) => callback(null, value as T), callback);
    }
  }

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

  const listens: [string, (promise: Counting<unknown>) => unknown][] = [
    ['nobody', () => undefined],
    ['by a method of its own that calls back', (promise) => new Promise((resolve) => promise.asCallback(resolve))],
    ['by the intrinsic then', (promise) => Promise.prototype.then.call(promise, undefined, () => 'caught')],
    ['by all of its class', (promise) => Counting.allSettled([promise])],
    ['by await, twice', async (promise) => [await promise.catch(() => 1), await promise.catch(() => 2)]],
  ];

  test.each(['keep', 'contain'] as const)('is timed until it settles, whoever listens and how: %s', async (unhandled) => {
    for (const [who, listen] of listens) {
      // Kept, that would end this process: process.test.ts has it.
      if (unhandled === 'keep' && who === 'nobody') continue;
      let now = 0n;
      const registry = new MetricsRegistry({ clock: () => now });
      const subject = instrument({ get: (promise: Counting<unknown>) => promise }, { component: 'Subject', registry, unhandled });
      for (const settle of ['resolve', 'reject'] as const) {
        let end: () => void = () => undefined;
        const promise = new Counting<unknown>((resolve, reject) => {
          end = () => (settle === 'resolve' ? resolve(1) : reject(new Error('no')));
        });
        const made = Counting.made;
        expect(subject.get(promise)).toBe(promise);
        expect([Counting.made - made, promise.constructor]).toEqual([0, Counting]);
        const listened = listen(promise);
        now += 5_000_000n;
        end();
        await Promise.resolve(listened);
        await setImmediate();
        expect(Object.getPrototypeOf(promise)).toBe(Counting.prototype);
        now += 1_000_000n;
      }
      expect(await callsIn(registry)).toEqual({ get: calls(1, 1, 10) });
    }
  });

  test('stays what it is, and is timed from the call until it settles', async () => {
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
    expect(counted).toEqual({ handOn: calls(1, 0, 7) });
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
