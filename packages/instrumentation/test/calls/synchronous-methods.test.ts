/** Synchronous methods: over when they return or throw. */
import { describe, expect, test } from 'vitest';
import { calls, playedAlike } from './support/compare.js';

class Ledger {
  #balance = 0;
  add(amount: number, world: { advance(milliseconds: number): void }): number {
    world.advance(amount);
    this.#balance += amount;
    return this.#balance;
  }
  fail(reason: unknown): never {
    throw reason;
  }
  each(items: readonly number[], visit: (item: number) => void): void {
    items.forEach(visit);
  }
  fibonacci(n: number): number {
    return n < 2 ? n : this.fibonacci(n - 1) + this.fibonacci(n - 2);
  }
  countArguments(..._values: unknown[]): number {
    // biome-ignore lint/complexity/noArguments: what was passed, to the letter.
    return arguments.length;
  }
}

const make = () => new Ledger();

describe('A synchronous method', () => {
  test('is timed until it returns', async () => {
    const counted = await playedAlike({ make, script: (ledger, world) => [ledger.add(3, world), ledger.add(4, world)] });
    expect(counted).toEqual({ add: calls(2, 0, 7) });
  });

  test('returns what it returns, objects by identity', async () => {
    const values = [undefined, null, 0, '', Number.NaN, -0, 1n, Symbol.iterator, {}, [], () => 1, Object.create(null), new Date(0), /x/];
    const counted = await playedAlike({
      make: () => ({ give: (value: unknown) => value }),
      script: (subject) => values.map((value) => Object.is(subject.give(value), value)),
    });
    expect(counted).toEqual({ give: calls(values.length, 0) });
  });

  test('gets exactly the arguments it was called with', async () => {
    const counted = await playedAlike({
      make,
      script: (ledger) => [ledger.countArguments(), ledger.countArguments(undefined), ledger.countArguments(1, 2, 3)],
    });
    expect(counted).toEqual({ countArguments: calls(3, 0) });
  });
});

describe('A method that throws', () => {
  test.each([
    ['an error', new TypeError('no')],
    ['undefined', undefined],
    ['null', null],
    ['a string', 'no'],
    ['a frozen object', Object.freeze({ code: 1 })],
    ['a promise', Promise.resolve(1)],
  ])('throws the same %s, and is a failure', async (_what, reason) => {
    const counted = await playedAlike({
      make,
      script: (ledger, world) => {
        try {
          ledger.fail(reason);
        } catch (caught) {
          world.log(caught === reason);
        }
      },
    });
    expect(counted).toEqual({ fail: calls(0, 1) });
  });

  test('leaves the stack of the error as it was made', async () => {
    const error = new Error('made elsewhere');
    const { stack } = error;
    await playedAlike({
      make,
      script: (ledger) => {
        expect(() => ledger.fail(error)).toThrow(error);
      },
    });
    expect(error.stack).toBe(stack);
  });

  test('shows the line that threw first in the stack of an error it makes', async () => {
    class Thrower {
      throwHere(): never {
        throw new Error('here');
      }
    }
    await playedAlike({
      make: () => new Thrower(),
      script: (thrower, world) => {
        try {
          thrower.throwHere();
        } catch (error) {
          world.log((error as Error).stack?.split('\n').slice(0, 2));
        }
      },
    });
  });
});

describe('A callback', () => {
  test('is not a call: the method that takes it is', async () => {
    const counted = await playedAlike({ make, script: (ledger, { log }) => ledger.each([1, 2, 3], (item) => log(item)) });
    expect(counted).toEqual({ each: calls(1, 0) });
  });

  test('that throws makes its caller fail', async () => {
    const counted = await playedAlike({
      make,
      script: (ledger) =>
        ledger.each([1], () => {
          throw new RangeError('from the callback');
        }),
    });
    expect(counted).toEqual({ each: calls(0, 1) });
  });
});

describe('A recursive or re-entrant call', () => {
  test('is a call of its own, each time', async () => {
    const counted = await playedAlike({ make, script: (ledger) => ledger.fibonacci(10) });
    expect(counted).toEqual({ fibonacci: calls(177, 0) });
  });

  test('is timed within the call around it', async () => {
    const counted = await playedAlike({
      make,
      script: (ledger, world) =>
        ledger.each([1, 2], () => {
          ledger.add(5, world);
          world.advance(1);
        }),
    });
    expect(counted).toEqual({ add: calls(2, 0, 10), each: calls(1, 0, 12) });
  });

  test('that runs out of stack fails as it would, and leaves the object usable', async () => {
    class Deep {
      down(): number {
        return 1 + this.down();
      }
      up(): string {
        return 'up';
      }
    }
    const counted = await playedAlike({
      make: () => new Deep(),
      script: (deep, { log }) => {
        expect(() => deep.down()).toThrow(RangeError);
        log(deep.up());
      },
    });
    expect(counted['up']).toEqual(calls(1, 0));
    expect(counted['down']?.success).toBe(0);
    expect(counted['down']?.failure).toBeGreaterThan(100);
  });
});
