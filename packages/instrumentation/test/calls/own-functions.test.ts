/** Functions that an instance has itself: arrow functions, bound methods, functions that carry state. */
import { EventEmitter } from 'node:events';
import { inspect } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { calls, playedAlike } from './support/compare.js';

describe('A function property', () => {
  class Handler {
    name = 'handler';
    arrow = (suffix: string): string => this.name + suffix;
    asyncArrow = async (): Promise<string> => this.name;
    assigned: () => string;
    declare later: () => string;
    constructor() {
      this.assigned = function (this: Handler) {
        return this.name;
      };
      Object.defineProperty(this, 'hidden', { value: () => 'hidden', enumerable: false, writable: false, configurable: true });
      Object.defineProperty(this, 'fixed', { value: () => 'fixed', enumerable: true, writable: false, configurable: false });
    }
  }
  const make = () => new Handler() as Handler & { hidden(): string; fixed(): string };

  test('is measured: an arrow function, or one assigned in the constructor', async () => {
    const counted = await playedAlike({
      make,
      script: async (handler) => {
        const { arrow, asyncArrow } = handler;
        return [arrow('!'), await asyncArrow(), handler.assigned(), handler.hidden(), handler.fixed()];
      },
    });
    expect(counted).toEqual({ arrow: calls(1, 0), asyncArrow: calls(1, 0), assigned: calls(1, 0), hidden: calls(1, 0) });
  });

  test('has the attributes it had, and prints as it did', async () => {
    class Printed {
      arrow = () => 1;
      asyncArrow = async () => 1;
      generator = function* () {
        yield 1;
      };
      asyncGenerator = async function* () {
        yield 1;
      };
      plain = () => {};
      bound = this.method.bind(this);
      withProperties = Object.assign(() => 1, { cache: new Map([[1, 2]]) });
      method(): void {}
    }
    await playedAlike({
      make: () => new Printed(),
      script: (subject) =>
        inspect(subject) + JSON.stringify(Object.entries(Object.getOwnPropertyDescriptors(subject)).filter(([name]) => name !== 'method')),
    });
    await playedAlike({ make, script: (handler) => inspect(Object.getOwnPropertyDescriptors({ ...handler })) });
  });
});

describe('A method bound in the constructor', () => {
  class Bound {
    count = 0;
    constructor() {
      this.increment = this.increment.bind(this);
      this.load = this.load.bind(this);
      this.pages = this.pages.bind(this);
    }
    increment(by: number): number {
      this.count += by;
      return this.count;
    }
    async load(): Promise<number> {
      return this.count;
    }
    *pages(): Generator<number> {
      yield this.count;
    }
  }

  test('is counted once, and stays bound', async () => {
    const counted = await playedAlike({
      make: () => new Bound(),
      script: async (subject) => {
        const { increment, load, pages } = subject;
        return [increment(1), increment.call({} as Bound, 2), await load(), [...pages()], increment.name, increment.length];
      },
    });
    expect(counted).toEqual({ increment: calls(2, 0), load: calls(1, 0), pages: calls(1, 0) });
  });
});

describe('A function that carries state', () => {
  test('shares it with what stands in for it, both ways', async () => {
    const counted = await playedAlike({
      make: () => {
        const memo = Object.assign(
          (key: string): number => {
            memo.hits += 1;
            memo.cache.set(key, memo.hits);
            return memo.cache.size;
          },
          { hits: 0, cache: new Map<string, number>(), extra: undefined as unknown },
        );
        return { memo };
      },
      script: ({ memo }) => {
        memo('a');
        memo('b');
        memo.cache = new Map();
        memo.extra = 'added';
        return [memo('c'), memo.hits, [...memo.cache], Object.keys(memo), memo.name, memo.length];
      },
    });
    expect(counted).toEqual({ memo: calls(3, 0) });
  });

  type Memo = (() => number) & Record<PropertyKey, unknown>;
  const make = (): { memo: Memo; pages: Memo } => {
    const memo = Object.assign(() => 1, { cache: new Map([[1, { deep: { deeper: { deepest: {} } } }]]) }) as unknown as Memo;
    const pages = function* () {
      yield 1;
    } as unknown as Memo;
    pages['first'] = 1;
    return { memo, pages };
  };

  test('prints as it did: by itself, within others, around itself, and as it says itself', async () => {
    await playedAlike({
      make,
      script: (subject, { log }) => {
        for (const options of [{}, { depth: 0 }, { depth: 9 }, { compact: false }, { showHidden: true }] as const) {
          log(inspect(subject, options), inspect([[subject.memo]], options), inspect(subject.pages, options));
        }
        subject.memo['owner'] = subject;
        log(inspect(subject), inspect(subject.memo));
        subject.memo[inspect.custom] = function custom(this: Memo, depth: number): string {
          return `Memo of ${(this['cache'] as Map<number, unknown>).size} at ${depth}`;
        };
        log(inspect(subject), inspect(subject.memo), `${inspect(Object.freeze(subject))}`);
      },
    });
  });

  test('acts like the function for reading, setting, defining, deleting and freezing', async () => {
    await playedAlike({
      make,
      script: (subject, { log }) => {
        const keys = () => log(Object.values(subject).map((value) => Reflect.ownKeys(value).map(String).sort()));
        for (const value of Object.values(subject)) {
          log(
            Object.keys(value),
            'cache' in value,
            'nothing' in value,
            typeof value,
            value instanceof Function,
            JSON.stringify(Object.entries(value)),
          );
          log(Reflect.deleteProperty(value, 'cache'), Reflect.deleteProperty(value, 'prototype'), Reflect.deleteProperty(value, 'name'));
          log(
            Reflect.defineProperty(value, 'fixed', { value: 1 }),
            Reflect.defineProperty(value, 'fixed', { value: 2 }),
            Reflect.set(value, 'fixed', 3),
          );
          log(Object.getOwnPropertyDescriptor(value, 'fixed'), Object.getOwnPropertyDescriptor(value, 'prototype')?.configurable);
          Object.defineProperty(value, 'computed', { get: () => 'computed', configurable: true });
          log(value['computed'], Reflect.set(value, 'computed', 1), Object.getPrototypeOf(value) === Object.getPrototypeOf(subject.pages));
          class Odd {}
          log(Reflect.setPrototypeOf(value, Odd.prototype), value instanceof Odd, Object.isExtensible(value));
          keys();
          log(
            Object.isFrozen(Object.seal(value)),
            Object.isSealed(value),
            Object.isFrozen(Object.freeze(value)),
            Reflect.set(value, 'x', 1),
          );
          log(Reflect.setPrototypeOf(value, null), Object.getOwnPropertyDescriptor(value, 'fixed'));
          keys();
        }
      },
    });
  });
});

describe('A callable object held in a property', () => {
  test('is not a method and is left alone: a handle with methods, a mock, a function behind a proxy', async () => {
    const handle = Object.assign((table: string) => `from ${table}`, { raw: (sql: string) => sql });
    const heir = Object.setPrototypeOf(() => 'called', {
      get bold() {
        throw new Error('it was read');
      },
    });
    const proxy = new Proxy(() => 'proxied', {
      get: () => expect.fail('it was looked at'),
      ownKeys: () => expect.fail('it was looked at'),
      getPrototypeOf: () => expect.fail('it was looked at'),
    });
    const fetch = vi.fn((url: string) => `from ${url}`);
    class Holder {
      constructor(
        readonly handle_ = handle,
        readonly heir_ = heir,
        readonly proxy_ = proxy,
        readonly fetch_ = fetch,
      ) {}
    }
    const counted = await playedAlike({
      make: () => new Holder(),
      script: (holder, { log }) => {
        log(holder.handle_('orders'), holder.handle_.raw('select 1'), holder.heir_(), holder.proxy_(), holder.fetch_('a'));
        return [holder.handle_ === handle, holder.heir_ === heir, holder.proxy_ === proxy, holder.fetch_ === fetch];
      },
    });
    expect(counted).toEqual({});
  });
});

describe('A class held in a property', () => {
  test('is not a method and is left alone: classes, built-in ones, functions with their own prototype', async () => {
    class Model {}
    function Old() {}
    Old.prototype.method = () => 1;
    function Heir() {}
    Heir.prototype = Object.create(Old.prototype);
    const held = { Model, Old, Heir, Map, TypeError, Date, EventEmitter, Proxied: new Proxy(Model, {}) };
    const counted = await playedAlike({
      make: () => ({ ...held }),
      script: (subject, { log }) => {
        for (const name of ['Model', 'Old', 'Heir', 'Map', 'TypeError', 'Date', 'EventEmitter'] as const)
          log(name, subject[name] === held[name]);
        return new subject.Proxied() instanceof Model;
      },
    });
    expect(counted).toEqual({});
  });
});

describe('A method called with new', () => {
  test('constructs as before, and is not counted', async () => {
    function Point(this: { x: number; target: unknown }, x: number) {
      this.x = x;
      this.target = (new.target as unknown) === Point ? 'itself' : (new.target as { name?: string } | undefined)?.name;
    }
    const withState = Object.assign(
      function Stateful(this: object): unknown {
        return (new.target as unknown) === withState ? 'itself' : 'another';
      } as unknown as new () => object,
      { state: 1 },
    );
    const counted = await playedAlike({
      make: () => ({ Point: Point as unknown as new (x: number) => { x: number; target: string }, withState, arrow: () => 1, method() {} }),
      script: (subject, { log }) => {
        const point = new subject.Point(4);
        log(point.x, point.target, point instanceof subject.Point, point instanceof Point, point.constructor === (Point as unknown));
        class Sub extends subject.Point {}
        log(new Sub(5).x, new Sub(5).target, new Sub(1) instanceof Point);
        log(typeof new subject.withState());
        for (const name of ['arrow', 'method'] as const) expect(() => Reflect.construct(subject[name], [])).toThrow(TypeError);
      },
    });
    expect(counted).toEqual({});
  });
});
