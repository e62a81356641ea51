/** Which members of a class are methods, and which are left alone. */
import { EventEmitter } from 'node:events';
import { Duplex, Readable, Transform } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { calls, playedAlike } from './support/compare.js';

const SYMBOL = Symbol('symbol-named');

class Account {
  static opened = 0;
  static open(): Account {
    Account.opened += 1;
    return new Account();
  }
  #balance = 1;
  #double(): number {
    this.#balance *= 2;
    return this.#balance;
  }
  async #later(): Promise<number> {
    return this.#balance;
  }
  double(): number {
    return this.#double();
  }
  later(): Promise<number> {
    return this.#later();
  }
  has(other: object): boolean {
    return #balance in other;
  }
  get balance(): number {
    return this.#balance;
  }
  set balance(value: number) {
    this.#balance = value;
  }
  get trap(): never {
    throw new Error('it was read');
  }
  set trap(_value: unknown) {
    throw new Error('it was written');
  }
  _internal(): string {
    return 'internal';
  }
  [SYMBOL](): string {
    return 'symbol';
  }
  *[Symbol.iterator](): Generator<number> {
    yield this.#balance;
  }
}

const make = () => new Account();

describe('A #private method', () => {
  test('works as it does and is not counted; the public one that calls it is', async () => {
    const counted = await playedAlike({
      make,
      script: async (account) => [account.double(), await account.later(), account.has(account), account.has({})],
    });
    expect(counted).toEqual({ double: calls(1, 0), later: calls(1, 0), has: calls(2, 0) });
  });
});

describe('A static method', () => {
  test('is not counted', async () => {
    const counted = await playedAlike({ make, script: () => Account.open() instanceof Account });
    expect(counted).toEqual({});
  });
});

describe('A getter or setter', () => {
  test('works as it does, and is not counted', async () => {
    const counted = await playedAlike({
      make,
      script: (account) => {
        account.balance = 7;
        return account.balance;
      },
    });
    expect(counted).toEqual({});
  });

  test('that throws when it is read is not read by us', async () => {
    const counted = await playedAlike({ make, script: (account) => [account.balance, account.trap] });
    expect(counted).toEqual({});
  });

  test('that gives functions, on the instance or the prototype', async () => {
    const counted = await playedAlike({
      make: ({ log }) => {
        const subject = Object.create({
          get inherited() {
            log('inherited was read');
            return () => 'inherited';
          },
        });
        return Object.defineProperty(subject, 'own', {
          get() {
            log('own was read');
            return () => 'own';
          },
          enumerable: true,
        });
      },
      script: (subject) => [subject.own(), subject.inherited()],
    });
    expect(counted).toEqual({});
  });

  test('that hides an inherited method hides it', async () => {
    class Base {
      name(): string {
        return 'method';
      }
    }
    class Derived extends Base {}
    Object.defineProperty(Derived.prototype, 'name', { get: () => 'accessor', configurable: true });
    const counted = await playedAlike({ make: () => new Derived(), script: (subject) => subject.name as unknown });
    expect(counted).toEqual({});
  });
});

describe('A symbol-named method', () => {
  test('is left alone', async () => {
    const counted = await playedAlike({ make, script: (account) => [account[SYMBOL](), ...account] });
    expect(counted).toEqual({});
  });
});

describe('A method with a leading underscore', () => {
  test('is left alone', async () => {
    const counted = await playedAlike({ make, script: (account) => account._internal() });
    expect(counted).toEqual({});
  });
});

describe('A method that a class inherits from the platform', () => {
  test('a Map, a Set, an Array: their own methods are left alone', async () => {
    class Registry extends Map<string, number> {
      bump(key: string): number {
        this.set(key, (this.get(key) ?? 0) + 1);
        return this.size;
      }
    }
    class Stack extends Array<unknown> {
      top(): unknown {
        return this.at(-1);
      }
    }
    const registry = await playedAlike({
      make: () => new Registry(),
      script: (subject) => [subject.bump('a'), subject.bump('a'), [...subject]],
    });
    expect(registry).toEqual({ bump: calls(2, 0) });
    const stack = await playedAlike({
      make: () => Stack.from([1, () => 'an element']) as Stack,
      script: (subject) => [
        subject.push(2),
        subject.top(),
        subject.map((value) => typeof value),
        subject.length,
        (subject[1] as () => string)(),
      ],
    });
    expect(stack).toEqual({ top: calls(1, 0) });
  });

  test('an EventEmitter and an EventTarget', async () => {
    class Bus extends EventEmitter {
      publish(topic: string): boolean {
        return this.emit(topic, topic);
      }
    }
    class Target extends EventTarget {
      fire(): boolean {
        return this.dispatchEvent(new Event('fired'));
      }
    }
    const bus = await playedAlike({
      make: () => new Bus(),
      script: (subject, { log }) => {
        subject.on('x', log).once('x', log);
        return [subject.publish('x'), subject.publish('x'), subject.listenerCount('x'), subject.off('x', log).publish('x')];
      },
    });
    expect(bus).toEqual({ publish: calls(3, 0) });
    const target = await playedAlike({
      make: () => new Target(),
      script: (subject, { log }) => {
        subject.addEventListener('fired', ({ type }) => log(type));
        return subject.fire();
      },
    });
    expect(target).toEqual({ fire: calls(1, 0) });
  });

  test('streams', async () => {
    class Letters extends Readable {
      letters = ['a', 'b'];
      override _read(): void {
        this.push(this.letters.shift() ?? null);
      }
      left(): number {
        return this.letters.length;
      }
    }
    class Upper extends Transform {
      override _transform(chunk: Buffer, _encoding: string, done: (error: null, chunk: string) => void): void {
        done(null, chunk.toString().toUpperCase());
      }
    }
    const letters = await playedAlike({
      make: () => new Letters(),
      script: async (subject) => [(await subject.pipe(new Upper()).toArray()).join(''), subject.left()],
    });
    expect(letters).toEqual({ left: calls(1, 0) });
    expect(
      await playedAlike({ make: () => new Upper(), script: (subject) => Readable.from(['x']).pipe(subject).toArray().then(String) }),
    ).toEqual({});
    expect(await playedAlike({ make: () => Duplex.from(['y']), script: (subject) => subject.toArray() })).toEqual({});
  });

  test('a Promise', async () => {
    class Job extends Promise<string> {
      tell(): string {
        return 'told';
      }
      self(): this {
        return this;
      }
    }
    const counted = await playedAlike({
      make: () => Job.resolve('done') as Job,
      script: async (job) => [job.tell(), await job, await job.then((value) => `${value}!`), job.self() === job, await job.self()],
    });
    expect(counted).toEqual({ tell: calls(1, 0), self: calls(2, 0) });
  });
});
