/** What a measured method looks like, and what its `this` is. */
import 'reflect-metadata';
import { inspect, promisify, types } from 'node:util';
import { describe, expect, test } from 'vitest';
import { calls, playedAlike } from './support/compare.js';

function Role(role: string): MethodDecorator {
  return (target, key, descriptor) => {
    Reflect.defineMetadata('role', role, target, key);
    Reflect.defineMetadata('role:function', role, descriptor.value as object);
  };
}

class Service {
  name = 'service';
  @Role('admin')
  plain(first: string, _second?: number): string {
    return first + this?.name;
  }
  @Role('user')
  async later(_a: unknown, _b: unknown): Promise<string> {
    return this?.name;
  }
  *pages(_to: number): Generator<string> {
    yield this?.name;
  }
  async *rows(): AsyncGenerator<string> {
    yield this?.name;
  }
}
const KINDS = ['plain', 'later', 'pages', 'rows'] as const;
const make = () => new Service();

describe('A measured method', () => {
  test('has the name, length, kind and properties of the original', async () => {
    await playedAlike({
      make,
      script: (service, { log }) => {
        for (const kind of KINDS) {
          const method = service[kind];
          log(
            method.name,
            method.length,
            typeof method,
            Object.getPrototypeOf(method).constructor.name,
            Object.prototype.toString.call(method),
          );
          log(
            JSON.stringify(Object.getOwnPropertyDescriptors(method)),
            Reflect.ownKeys(method).sort().map(String),
            Object.isExtensible(method),
          );
          if (kind === 'plain') log(inspect(method, { showHidden: true }), types.isAsyncFunction(method));
          expect(() => Reflect.construct(method, [])).toThrow(TypeError);
        }
      },
    });
  });

  test('without a name, with a changed length, or frozen', async () => {
    class Odd {
      nameless(): void {}
      renamed(): void {}
      frozen(): void {}
    }
    Reflect.deleteProperty(Odd.prototype.nameless, 'name');
    Object.defineProperty(Odd.prototype.renamed, 'name', { value: 'other' });
    Object.defineProperty(Odd.prototype.renamed, 'length', { value: 7 });
    Object.freeze(Odd.prototype.frozen);
    await playedAlike({
      make: () => new Odd(),
      script: (odd, { log }) => {
        log(Object.hasOwn(odd.nameless, 'name'), odd.renamed.name, odd.renamed.length, Object.isFrozen(odd.frozen));
      },
    });
  });

  test('keeps Reflect metadata and parameter metadata, on the method and on its function', async () => {
    await playedAlike({
      make,
      script: (service, { log }) => {
        for (const kind of ['plain', 'later'] as const) {
          log(Reflect.getMetadata('role', service, kind), Reflect.getMetadata('role:function', service[kind]));
          log(Reflect.getMetadata('design:paramtypes', service, kind), Reflect.getMetadataKeys(service[kind]));
        }
      },
    });
  });

  test('keeps the properties that were set on it, symbols included', async () => {
    class Annotated {
      read(_path: string, done: (error: null, text: string) => void): void {
        done(null, 'by callback');
      }
    }
    const annotation = Symbol('annotation');
    Object.assign(Annotated.prototype.read, { route: '/x', [annotation]: 1, [promisify.custom]: async () => 'promisified' });
    const counted = await playedAlike({
      make: () => new Annotated(),
      script: async ({ read }) => [
        Reflect.ownKeys(read).map(String),
        (read as unknown as { route: string }).route,
        await promisify(read)('x'),
      ],
    });
    expect(counted).toEqual({});
  });
});

describe('A detached or re-bound method', () => {
  test('has the this that it is called with', async () => {
    const counted = await playedAlike({
      make,
      script: async (service) => {
        const { plain, later, pages, rows } = service;
        const other = { name: 'other' } as Service;
        return [
          Reflect.apply(plain, undefined, ['x']),
          Reflect.apply(plain, other, ['x']),
          plain.bind(other)('x'),
          await later.call(other, 1, 2),
          [...Reflect.apply(pages, other, [1])],
          await rows.call(other).next(),
          [1, 2].map(service.plain as () => string, other),
        ];
      },
    });
    expect(counted).toMatchObject({ plain: calls(5, 0), later: calls(1, 0), pages: calls(1, 0) });
  });

  test('of a function that is not strict has the global object, as it would', async () => {
    const sloppy = new Function('return this === globalThis && arguments.length;');
    const counted = await playedAlike({
      make: () => ({ sloppy }),
      script: (subject) => {
        const detached = subject.sloppy;
        return detached(1, 2);
      },
    });
    expect(counted).toEqual({ sloppy: calls(1, 0) });
  });
});
