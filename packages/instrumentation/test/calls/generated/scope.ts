/** What generated source has in scope, and the book it keeps of its own calls: what a measured run must have counted. */
import { types } from 'node:util';

type Outcome = 'success' | 'failure';
export type Book = Record<string, { success: number; failure: number }>;

const tagOf = (value: unknown): string => Object.prototype.toString.call(value);
export const isGenerator = (value: unknown): value is Generator => tagOf(value) === '[object Generator]';
export const isAsyncGenerator = (value: unknown): value is AsyncGenerator => tagOf(value) === '[object AsyncGenerator]';
const isThenable = (value: unknown): value is PromiseLike<unknown> => typeof (value as { then?: unknown } | null)?.then === 'function';

/** A method, own or inherited; undefined where there is none, or a getter. */
export function methodOf(subject: object, name: string): ((depth: number) => unknown) | undefined {
  for (let holder: object | null = subject; holder !== null; holder = Object.getPrototypeOf(holder)) {
    const descriptor = Object.getOwnPropertyDescriptor(holder, name);
    if (descriptor !== undefined) return typeof descriptor.value === 'function' ? descriptor.value : undefined;
  }
  return undefined;
}

/** One run of a program. */
export class Scope {
  readonly effects: unknown[] = [];
  readonly book: Book = {};
  constructed = false;
  /** Ends that calls wait for, by what they gave: a generator, a lazy thenable. */
  readonly #waiting = new WeakMap<object, ((outcome: Outcome) => void)[]>();
  /** Everything that calls gave. */
  readonly kept: unknown[] = [];

  readonly symbols = { m0: Symbol('m0'), m1: Symbol('m1'), m2: Symbol('m2'), m3: Symbol('m3') };
  readonly shared = Object.freeze({ shared: true });
  readonly cached = Promise.resolve('cached');
  readonly Sub = this.#promiseSubclass();
  readonly Plain = class Plain<T> extends Promise<T> {};
  readonly cachedPlain = this.Plain.resolve('cached of a subclass');
  readonly isGenerator = isGenerator;
  readonly isAsyncGenerator = isAsyncGenerator;

  readonly log = (...values: unknown[]): void => {
    this.effects.push(...values.map((value) => this.describe(value)));
  };

  readonly isLater = (value: unknown): boolean => isThenable(value) || isAsyncGenerator(value);

  readonly rejection = (): Promise<never> => Promise.reject(new RangeError('rejected'));

  readonly lazy = (value: unknown): PromiseLike<unknown> => this.#lazily(() => Promise.resolve(value));
  readonly lazyFailure = (): PromiseLike<unknown> => this.#lazily(() => Promise.reject(new RangeError('lazily')));

  /** Calls a method as anyone would, and enters it in the book where it is one that is measured. */
  readonly observed = (subject: Record<string, unknown>, name: string, depth: number): unknown => {
    if (methodOf(subject, name) === undefined)
      return typeof subject[name] === 'function' ? (subject[name] as (depth: number) => unknown)(depth) : 'none';
    const enter = this.constructed ? this.#enterFor(name) : () => undefined;
    const isLazy = tagOf(subject[name]).includes('Generator');
    let given: unknown;
    try {
      given = (subject[name] as (depth: number) => unknown)(depth);
    } catch (error) {
      enter('failure');
      throw error;
    }
    this.#awaitEnd(given, isLazy, enter);
    // Nothing is let go of before it is compared: what then would be counted is not the program's doing.
    this.kept.push(given);
    return given;
  };

  readonly superCall = (method: unknown, self: unknown, depth: number): unknown =>
    typeof method === 'function' ? Reflect.apply(method, self, [depth]) : 'none';

  /** Ends a constructor's own promises and generators quietly. */
  readonly settle = (value: unknown): void => {
    if (types.isPromise(value)) value.then(undefined, () => undefined);
  };

  readonly tracked = function* (this: Scope, generator: Generator): Generator {
    let outcome: Outcome = 'success';
    try {
      return yield* generator;
    } catch (error) {
      outcome = 'failure';
      throw error;
    } finally {
      this.end(generator, outcome);
    }
  }.bind(this);

  readonly trackedAsync = async function* (this: Scope, generator: AsyncGenerator): AsyncGenerator {
    let outcome: Outcome = 'success';
    try {
      return yield* generator;
    } catch (error) {
      outcome = 'failure';
      throw error;
    } finally {
      this.end(generator, outcome);
    }
  }.bind(this);

  /** Runs a generator to its end, and gives what it returned. */
  readonly drained = (generator: Generator): unknown => {
    const tracked = this.tracked(generator);
    for (;;) {
      const step = tracked.next();
      if (step.done === true) return step.value;
      this.log(step.value);
    }
  };

  /** Whoever waits for the end of this is told of it, once. */
  end(given: object, outcome: Outcome): void {
    for (const enter of this.#waiting.get(given) ?? []) enter(outcome);
    this.#waiting.delete(given);
  }

  describe(value: unknown): unknown {
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    if (Array.isArray(value)) return value.map((item) => this.describe(item));
    if (typeof value === 'function' || (typeof value === 'object' && value !== null)) return tagOf(value);
    return value;
  }

  #enterFor(name: string): (outcome: Outcome) => void {
    return (outcome) => {
      const entry = this.book[name] ?? { success: 0, failure: 0 };
      this.book[name] = entry;
      entry[outcome] += 1;
    };
  }

  #awaitEnd(given: unknown, isLazy: boolean, enter: (outcome: Outcome) => void): void {
    const isOpen = types.isPromise(given) ? given.constructor === this.Sub : isThenable(given) || isLazy;
    if (isOpen) this.#waiting.set(given as object, [...(this.#waiting.get(given as object) ?? []), enter]);
    else if (types.isPromise(given))
      given.then(
        () => enter('success'),
        () => enter('failure'),
      );
    else enter('success');
  }

  /** Promises that tell when somebody has listened to them and they have settled. */
  #promiseSubclass() {
    const scope = this;
    return class Sub<T> extends Promise<T> {
      static override get [Symbol.species]() {
        return Promise;
      }
      // biome-ignore lint/suspicious/noThenProperty: as above.
      override then<A = T, B = never>(
        onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
        onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
      ): Promise<A | B> {
        super.then(
          () => scope.end(this, 'success'),
          () => scope.end(this, 'failure'),
        );
        return super.then(onFulfilled, onRejected);
      }
    };
  }

  #lazily(run: () => Promise<unknown>): PromiseLike<unknown> {
    const scope = this;
    return {
      // biome-ignore lint/suspicious/noThenProperty: a lazy thenable is what this makes.
      then(onFulfilled, onRejected) {
        scope.log('ran');
        const promise = run();
        promise.then(
          () => scope.end(this, 'success'),
          () => scope.end(this, 'failure'),
        );
        return promise.then(onFulfilled, onRejected);
      },
    };
  }
}
