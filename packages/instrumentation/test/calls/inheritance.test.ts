/** Inherited, overridden and mixed-in methods: a call is counted once, with the class of its object. */
import { describe, expect, test } from 'vitest';
import { calls, playedAlike } from './support/compare.js';

abstract class Base {
  protected greeting = 'hello';
  greet(name: string): string {
    return `${this.greeting} ${name} ${this.mark()}`;
  }
  abstract mark(): string;
  async load(): Promise<string> {
    return 'base';
  }
  *pages(): Generator<string> {
    yield 'base';
  }
}

class Derived extends Base {
  override greet(name: string): string {
    return `${super.greet(name)}?`;
  }
  override mark(): string {
    return '!';
  }
  override async load(): Promise<string> {
    const arrow = () => super.load();
    return `${await arrow()} derived`;
  }
  override *pages(): Generator<string> {
    yield* super.pages();
    yield 'derived';
  }
}

describe('An inherited method', () => {
  test('is counted as the method of the object', async () => {
    class Third extends Derived {}
    const counted = await playedAlike({ make: () => new Third(), script: (subject) => [subject.mark(), subject.greet('you')] });
    expect(counted).toEqual({ mark: calls(2, 0), greet: calls(1, 0) });
  });

  test('of a function that was written as a class before there were classes', async () => {
    function Old(this: { size: number }) {
      this.size = 3;
    }
    Old.prototype.grow = function (this: { size: number }, by: number) {
      this.size += by;
      return this.size;
    };
    const Constructor = Old as unknown as new () => { size: number; grow(by: number): number };
    const counted = await playedAlike({ make: () => new Constructor(), script: (subject) => [subject.grow(2), Object.keys(subject)] });
    expect(counted).toEqual({ grow: calls(1, 0) });
  });

  test('of an object that another inherits from', async () => {
    const counted = await playedAlike({
      make: () => ({
        name: 'parent',
        say: function (this: { name: string }) {
          return this.name;
        },
      }),
      script: (parent) => Object.assign(Object.create(parent), { name: 'child' }).say(),
    });
    expect(counted).toEqual({ say: calls(1, 0) });
  });
});

describe('An overridden method that calls super', () => {
  test('is one call', async () => {
    const counted = await playedAlike({
      make: () => new Derived(),
      script: async (subject) => [subject.greet('you'), await subject.load(), [...subject.pages()]],
    });
    expect(counted).toEqual({ greet: calls(1, 0), mark: calls(1, 0), load: calls(1, 0), pages: calls(1, 0) });
  });
});

describe('An abstract base or a mixin', () => {
  test('gives methods like any class', async () => {
    const Timestamped = <T extends new (...args: never[]) => object>(Parent: T) =>
      class extends (Parent as unknown as new () => object) {
        stamp(): string {
          return 'stamped';
        }
      };
    class Plain {
      base(): string {
        return 'base';
      }
    }
    const Mixed = Timestamped(Plain);
    const counted = await playedAlike({
      make: () => new Mixed() as Plain & { stamp(): string },
      script: (subject) => [subject.stamp(), subject.base(), subject instanceof Plain],
    });
    expect(counted).toEqual({ stamp: calls(1, 0), base: calls(1, 0) });
  });

  test('copied onto a prototype', async () => {
    class Target {}
    const mixin = {
      mixed(this: object) {
        return this instanceof Target;
      },
    };
    Object.assign(Target.prototype, mixin);
    const counted = await playedAlike({ make: () => new Target() as Target & typeof mixin, script: (subject) => subject.mixed() });
    expect(counted).toEqual({ mixed: calls(1, 0) });
  });
});
