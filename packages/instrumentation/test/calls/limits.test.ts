/** What can be told apart all the same: each of these is in the documentation, and asserted here as it is. */
import { EventEmitter } from 'node:events';
import { inspect, types } from 'node:util';
import { instrument, Slo } from '@tsukimi/instrumentation';
import { MetricsRegistry } from '@tsukimi/metrics';
import { describe, expect, test, vi } from 'vitest';
import { compare } from './support/compare.js';

class Service {
  work(): string {
    return 'work';
  }
  async later(): Promise<void> {}
}

const instrumented = <T extends object>(object: T): T => instrument(object, { registry: new MetricsRegistry() });

describe('An own property for each method', () => {
  test('is on the instance, though on none of its lists of keys', () => {
    const service = instrumented(new Service());
    expect(Object.getOwnPropertyNames(service)).toEqual(['work', 'later']);
    expect(Object.keys(service)).toEqual([]);
    expect(service.work).not.toBe(Service.prototype.work);
  });

  test('stays hidden when it is assigned to', () => {
    const service = instrumented(new Service());
    service.work = () => 'replaced';
    expect([service.work(), Object.keys(service)]).toEqual(['replaced', []]);
  });

  test('hides a method from for-in that was made enumerable by hand', () => {
    class Old {}
    Object.assign(Old.prototype, { work: () => 1 });
    const keys = (object: object): string[] => {
      const found: string[] = [];
      for (const key in object) found.push(key);
      return found;
    };
    expect([keys(new Old()), keys(instrumented(new Old()))]).toEqual([['work'], []]);
  });
});

describe('A patch of the prototype', () => {
  test('does not reach instances that are instrumented already', () => {
    const service = instrumented(new Service());
    const spy = vi.spyOn(Service.prototype, 'work').mockReturnValue('patched');
    expect([service.work(), new Service().work()]).toEqual(['work', 'patched']);
    spy.mockRestore();
  });
});

describe('The source and the kind of a method', () => {
  test('are the wrapper’s: toString, util.types.isAsyncFunction', () => {
    const service = instrumented(new Service());
    expect(service.work.toString()).not.toBe(Service.prototype.work.toString());
    expect([types.isAsyncFunction(new Service().later), types.isAsyncFunction(service.later)]).toEqual([true, false]);
    expect(service.later.constructor.name).toBe('AsyncFunction');
  });
});

describe('The stack', () => {
  test('has one more line for each measured synchronous call that is on it', () => {
    class Layers {
      outer(): Error {
        return this.inner();
      }
      inner(): Error {
        return new Error('where');
      }
    }
    const names = (error: Error): string[] => [...(error.stack ?? '').matchAll(/at (?:Layers\.)(\w+)/g)].map(([, name]) => name as string);
    expect(names(new Layers().outer())).toEqual(['inner', 'outer']);
    expect(names(instrumented(new Layers()).outer())).toEqual(['inner', 'inner', 'outer', 'outer']);
  });

  test('has no more where an objective counts them', () => {
    class Layers {
      @Slo({ objective: 99 })
      outer(): Error {
        return new Error('where');
      }
    }
    const lines = (error: Error): number =>
      (error.stack ?? '').split('\n').findIndex((line) => line.includes('limits.test.ts:') && !line.includes('Layers'));
    expect(lines(instrumented(new Layers()).outer()) - lines(new Layers().outer())).toBe(1);
  });

  test('has room for fewer recursive calls, at least for a fifth', () => {
    class Deep {
      depth = 0;
      down(): void {
        this.depth += 1;
        this.down();
      }
    }
    const depth = (deep: Deep): number => {
      expect(() => deep.down()).toThrow(RangeError);
      return deep.depth;
    };
    expect(depth(instrumented(new Deep()))).toBeGreaterThan(depth(new Deep()) / 5);
  });
});

describe('A prototype that is set later', () => {
  test('is not asked for the methods that were measured, only for others', () => {
    class Other {
      work(): string {
        return 'other work';
      }
      more(): string {
        return 'more';
      }
    }
    const service = instrumented(new Service());
    Object.setPrototypeOf(service, Other.prototype);
    expect([service.work(), (service as unknown as Other).more()]).toEqual(['work', 'more']);
    Reflect.deleteProperty(service, 'work');
    expect(service.work()).toBe('other work');
  });
});

describe('A Proxy over an object that was frozen later', () => {
  const binding: ProxyHandler<Service> = {
    get: (target, key) => {
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  };

  test('throws where its handler gives other functions; over an object that is not frozen it works', () => {
    expect(new Proxy(Object.freeze(new Service()), binding).work()).toBe('work');
    expect(() => new Proxy(Object.freeze(instrumented(new Service())), binding).work()).toThrow(TypeError);
    expect(new Proxy(instrumented(new Service()), binding).work()).toBe('work');
  });
});

describe('A frozen generator function in a property', () => {
  test('prints as a Proxy where Node shows them, from 26 on; one that is not frozen prints as it is', () => {
    class Rows {
      *read(): Generator<number> {
        yield 1;
      }
    }
    const holding = (read: () => Generator<number>) => instrumented({ read });
    const prints = Number(process.versions.node.split('.')[0]) < 26 ? '[GeneratorFunction: read]' : 'Proxy([GeneratorFunction: read])';
    const { read } = Object.getOwnPropertyDescriptors(Rows.prototype);
    expect(inspect(holding(read.value as Rows['read']))).toBe('{ read: [GeneratorFunction: read] }');
    expect(inspect(holding(Object.freeze(read.value as Rows['read'])))).toBe(`{ read: ${prints} }`);
  });
});

describe('A callback with the name of its property, or without a name', () => {
  test('is taken for a method, and one in a list is another function than the method', async () => {
    const nameless = [(): string => 'called'][0] as () => string;
    class Holder {
      readonly list = [this.work];
      constructor(readonly cb = nameless) {}
      work(): string {
        return 'work';
      }
    }
    const {
      bare,
      instrumented: measured,
      calls,
    } = await compare({
      make: () => new Holder(),
      script: (holder) => [holder.cb === nameless, holder.cb(), holder.list.includes(holder.work)],
    });
    expect([bare.outcome, measured.outcome]).toEqual([
      [true, 'called', true],
      [false, 'called', false],
    ]);
    expect(Object.keys(calls)).toEqual(['cb']);
  });
});

describe('A function that the constructor passed to other code', () => {
  test('is the bare one: it is not counted, and taking it back by the property does not find it', async () => {
    const emitter = new EventEmitter();
    const {
      bare,
      instrumented: measured,
      calls,
    } = await compare({
      make: () => {
        emitter.removeAllListeners();
        const subject = { listener: (): void => undefined };
        emitter.on('event', subject.listener);
        return subject;
      },
      script: (subject) => {
        emitter.emit('event');
        return emitter.off('event', subject.listener).listenerCount('event');
      },
    });
    expect([bare.outcome, measured.outcome, calls]).toEqual([0, 1, {}]);
  });
});

describe('A promise or thenable whose result is not requested yet', () => {
  class Query {
    // biome-ignore lint/suspicious/noThenProperty: a thenable is what this is about.
    then(resolve: (value: string) => void): void {
      resolve('rows');
    }
  }
  const make = { promise: () => Promise.resolve('value'), query: () => new Query() };

  test('has a prototype of ours, until the result is requested', async () => {
    const subject = instrument({ ...make }, { registry: new MetricsRegistry(), unhandled: 'keep' });
    for (const [promise, prototype] of [
      [subject.promise(), Promise.prototype],
      [subject.query(), Query.prototype],
    ] as const) {
      expect(Object.getPrototypeOf(promise)).not.toBe(prototype);
      expect(Object.getPrototypeOf(Object.getPrototypeOf(promise))).toBe(prototype);
      await promise;
      expect(Object.getPrototypeOf(promise)).toBe(prototype);
    }
  });

  test('looks the same otherwise', async () => {
    const looks = (value: object): unknown[] => [
      inspect(value),
      Reflect.ownKeys(value).filter((key) => typeof key === 'string'),
      JSON.stringify(value),
      value.constructor.name,
      value instanceof value.constructor,
      types.isPromise(value),
    ];
    const subject = instrument({ ...make }, { registry: new MetricsRegistry(), unhandled: 'keep' });
    for (const key of ['promise', 'query'] as const) expect(looks(subject[key]())).toEqual(looks(make[key]()));
  });

  test('of a promise that contains its rejections is its own', () => {
    const subject = instrument({ ...make }, { registry: new MetricsRegistry() });
    expect(Object.getPrototypeOf(subject.promise())).toBe(Promise.prototype);
  });
});
