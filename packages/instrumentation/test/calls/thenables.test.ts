/** Thenables that are no native promises: never run by us, over when their caller has had their answer. */
// biome-ignore-all lint/suspicious/noThenProperty: thenables are what this is about.
import { setImmediate } from 'node:timers/promises';
import { instrument } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test } from 'vitest';
import { callsIn } from './support/calls-in.js';
import { calls, playedAlike, type World } from './support/compare.js';
import { collectUntil } from './support/garbage.js';

type Listener = (...values: unknown[]) => unknown;

/** A lazy query: it runs when `then` is called, each time. */
class Query {
  #conditions: string[] = [];
  constructor(
    readonly world: World,
    readonly answer: unknown = 'rows',
  ) {}
  where(condition: string): this {
    this.#conditions.push(condition);
    return this;
  }
  then(onFulfilled?: Listener | null, onRejected?: Listener | null): Promise<unknown> {
    this.world.log(`runs ${this.#conditions.join(' and ')}`);
    this.world.advance(10);
    const run = this.answer instanceof Error ? Promise.reject(this.answer) : Promise.resolve(this.answer);
    return run.then(onFulfilled, onRejected);
  }
  catch(onRejected: Listener): Promise<unknown> {
    return this.then(undefined, onRejected);
  }
  finally(listener: () => void): Promise<unknown> {
    return this.then().finally(listener);
  }
}

class Repository {
  constructor(private readonly world: World) {}
  find(): Query {
    this.world.advance(3);
    return new Query(this.world);
  }
  broken(): Query {
    return new Query(this.world, new TypeError('no such table'));
  }
  handOn<T>(value: T): T {
    return value;
  }
}

const make = (world: World) => new Repository(world);

describe('A lazy thenable', () => {
  test('does not run because it is measured, and is timed from when its caller awaits it', async () => {
    const counted = await playedAlike({
      make,
      script: async (repository, { log, advance }) => {
        const query = repository.find();
        advance(100);
        log('not yet');
        return await query;
      },
    });
    expect(counted).toEqual({ find: calls(1, 0, 10) });
  });

  test('stays the object it is, and can be built further', async () => {
    const counted = await playedAlike({
      make,
      script: async (repository, { log }) => {
        const query = repository.find();
        log(query instanceof Query, Object.keys(query), query.where('a') === query, JSON.stringify(Object.keys({ ...query })));
        log(await query.where('b'), Object.hasOwn(query, 'then'), query.then === Query.prototype.then);
      },
    });
    expect(counted).toEqual({ find: calls(1, 0, 10) });
  });

  test('that is awaited twice runs twice, and is one call', async () => {
    const counted = await playedAlike({
      make,
      script: async (repository) => {
        const query = repository.find();
        const detached = query.then;
        return [await query, await query, await Reflect.apply(detached, query, [])];
      },
    });
    expect(counted).toEqual({ find: calls(1, 0, 10) });
  });

  test.each([
    ['then', (query: Query) => query.then((rows) => `${rows}!`)],
    ['then without arguments', (query: Query) => query.then()],
    ['then with null', (query: Query) => query.then(null, null)],
    ['catch first', (query: Query) => query.catch(() => 'caught')],
    ['finally first', (query: Query) => query.finally(() => undefined)],
    ['Promise.resolve', (query: Query) => Promise.resolve(query)],
    ['Promise.all', (query: Query) => Promise.all([query, query])],
    ['Promise.race', (query: Query) => Promise.race([query])],
    ['returned from an async function', async (query: Query) => query],
  ])('fulfils and rejects as it would: %s', async (_how, use) => {
    const fulfilled = await playedAlike({ make, script: (repository) => use(repository.find()) });
    expect(fulfilled).toMatchObject({ find: { success: 1, failure: 0 } });
    const rejected = await playedAlike({ make, script: (repository) => use(repository.broken()) });
    expect(rejected).toMatchObject({ broken: { success: 0, failure: 1 } });
  });

  test('handed on by a second measured method is a call of each', async () => {
    class Service {
      readonly #repository: Repository;
      constructor(world: World) {
        this.#repository = new Repository(world);
      }
      list(): Query {
        return this.other();
      }
      other(): Query {
        return this.#repository.find();
      }
    }
    const counted = await playedAlike({ make: (world) => new Service(world), script: (service) => service.list() });
    expect(counted).toEqual({ list: calls(1, 0, 10), other: calls(1, 0, 10) });
  });

  test('that is measured itself: a method that returns its own object is over, its then is a method like any other', async () => {
    const counted = await playedAlike({
      make: (world) => new Query(world),
      script: async (query) => [await query.where('a').where('b'), await query],
    });
    expect(counted).toEqual({ where: calls(2, 0), then: calls(2, 0, 20) });
  });

  test('whose then is replaced by its caller keeps the replacement', async () => {
    const counted = await playedAlike({
      make,
      script: async (repository, { log }) => {
        const query = repository.find();
        const original = query.then.bind(query);
        query.then = (...listeners) => {
          log('replaced');
          return original(...listeners);
        };
        return [await query, await query];
      },
    });
    expect(counted).toEqual({ find: calls(1, 0, 10) });
  });
});

describe('A thenable of any other kind', () => {
  const odd: Record<string, (world: World) => unknown> = {
    'calls back at once': () => ({ then: (resolve: Listener) => resolve('at once') }),
    'calls back twice': () => ({
      then: (resolve: Listener, reject: Listener) => {
        resolve('first');
        reject(new Error('second'));
        resolve('third');
      },
    }),
    'calls back with several values and a this': () => ({
      then(resolve: Listener) {
        resolve.call({ context: 1 }, 'a', 'b', 'c');
      },
    }),
    'returns nothing from then': () => ({ then: (resolve: Listener) => void setImmediate().then(() => resolve('later')) }),
    'is a function': () => Object.assign(() => 'called', { then: (resolve: Listener) => resolve('callable') }),
    'has no prototype': () => Object.assign(Object.create(null), { then: (resolve: Listener) => resolve('bare') }),
    'inherits its then': () => Object.create({ then: (resolve: Listener) => resolve('inherited') }),
    'is sealed': () => Object.seal({ then: (resolve: Listener) => resolve('sealed') }),
    'is frozen': () => Object.freeze({ then: (resolve: Listener) => resolve('frozen') }),
    'has a then that is no function': () => ({ then: 'afterwards' }),
    'has a getter for then': ({ log }) => ({
      get then() {
        log('then was read');
        return (resolve: Listener) => resolve('got');
      },
    }),
    'is a proxy': ({ log }) =>
      new Proxy(
        { then: (resolve: Listener) => resolve('behind the proxy') },
        {
          get: (target, key) => {
            log('get', key);
            return Reflect.get(target, key);
          },
          has: (target, key) => {
            log('has', key);
            return Reflect.has(target, key);
          },
          getOwnPropertyDescriptor: (target, key) => {
            log('descriptor', key);
            return Reflect.getOwnPropertyDescriptor(target, key);
          },
          getPrototypeOf: (target) => {
            log('prototype');
            return Reflect.getPrototypeOf(target);
          },
          defineProperty: () => false,
        },
      ),
    'is a revoked proxy': () => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      return [proxy];
    },
  };

  test.each(Object.entries(odd))('one that %s behaves as it would, and is one call', async (_what, thenable) => {
    const counted = await playedAlike({ make, script: async (repository, world) => [await repository.handOn(thenable(world))].length });
    expect(counted).toMatchObject({ handOn: { success: 1, failure: 0 } });
  });

  test.each(Object.entries(odd).filter(([what]) => !what.includes('revoked')))(
    'one that %s gives its callers the same',
    async (_what, thenable) => {
      await playedAlike({
        make,
        script: async (repository, world) => {
          const value = repository.handOn(thenable(world)) as { then?: unknown };
          if (typeof value.then !== 'function') return world.log(value);
          Reflect.apply(value.then, value, [
            function (this: unknown, ...values: unknown[]) {
              world.log(this === undefined ? 'no this' : JSON.stringify(this), ...values);
            },
            (reason: unknown) => world.log(reason),
          ]);
          await setImmediate();
        },
      });
    },
  );

  test('one whose then throws is a failure, for the caller that awaits it', async () => {
    const counted = await playedAlike({
      make,
      script: async (repository) =>
        await repository.handOn<unknown>({
          then() {
            throw new RangeError('no then');
          },
        }),
    });
    expect(counted).toEqual({ handOn: calls(0, 1) });
  });

  test('a revoked proxy is handed on', async () => {
    const counted = await playedAlike({
      make,
      script: (repository) => {
        const { proxy, revoke } = Proxy.revocable({}, {});
        revoke();
        return repository.handOn(proxy) === proxy;
      },
    });
    expect(counted).toEqual({ handOn: calls(1, 0) });
  });
});

describe('A thenable that is never awaited', () => {
  test('is counted when it is let go of, with the time its method took', async () => {
    let now = 0n;
    const registry = new MetricsRegistry({ clock: () => now });
    const world: World = {
      log: () => undefined,
      advance: (milliseconds) => {
        now += BigInt(milliseconds * 1e6);
      },
    };
    const repository = instrument(new Repository(world), { registry });
    for (let n = 0; n < 10; n += 1) repository.find();
    world.advance(60_000);
    expect(await collectUntil(async () => (await callsIn(registry))['find']?.success === 10)).toBe(true);
    expect(await callsIn(registry)).toEqual({ find: calls(10, 0, 30) });
  });
});
