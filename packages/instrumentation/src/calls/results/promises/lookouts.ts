/**
 * Temporary prototypes of promises, which detect reads of `constructor`. Everything that listens to a promise reads it, including `await`. An own
 * property would slow down every promise of the process, because V8 then looks for `constructor` on all of them.
 */
import { listen } from './intrinsic-then.js';

const { getPrototypeOf } = Object;
const { setPrototypeOf } = Reflect;
const PromisePrototype: object = Promise.prototype;

/** Called when `constructor` of a promise is read. */
type Notice = (promise: object) => void;

export class Lookouts {
  readonly #notice: Notice;
  readonly #byPrototype = new WeakMap<object, object>();
  readonly #prototypes = new WeakMap<object, object>();
  /** The prototype for nearly all promises. */
  readonly #usual: object;
  /** The promise to which we are adding our own listener. */
  #ours: object | undefined;

  constructor(notice: Notice) {
    this.#notice = notice;
    this.#usual = this.#of(PromisePrototype);
  }

  /** Whether a prototype is that of native promises, or our replacement of it. */
  isUsual(prototype: unknown): boolean {
    return prototype === PromisePrototype || prototype === this.#usual;
  }

  /** @returns false for a frozen promise, which can't be watched */
  place(promise: object): boolean {
    const prototype = getPrototypeOf(promise);
    if (prototype === PromisePrototype) return setPrototypeOf(promise, this.#usual);
    return this.#prototypes.has(prototype) || setPrototypeOf(promise, this.#of(prototype));
  }

  withdraw(promise: object): void {
    const lookout = getPrototypeOf(promise);
    if (lookout === PromisePrototype) return;
    const prototype = this.#prototypes.get(lookout);
    if (prototype !== undefined) setPrototypeOf(promise, prototype);
  }

  /** Listens to a promise of any class without creating another one of that class, whose constructor would be called. */
  listen(promise: object, onFulfilled: (value: unknown) => unknown, onRejected: (reason: unknown) => unknown): Promise<unknown> {
    if (getPrototypeOf(promise) === PromisePrototype) return listen(promise, onFulfilled, onRejected);
    this.place(promise);
    this.#ours = promise;
    try {
      return listen(promise, onFulfilled, onRejected);
    } finally {
      this.#ours = undefined;
      this.withdraw(promise);
    }
  }

  #of(prototype: object): object {
    const known = this.#byPrototype.get(prototype);
    if (known !== undefined) return known;
    const read = (promise: object): unknown => {
      if (promise === this.#ours) return Promise;
      if (typeof promise === 'object') this.#notice(promise);
      return Reflect.get(prototype, 'constructor', promise);
    };
    const lookout: object = Object.create(prototype, {
      constructor: {
        get(this: object): unknown {
          return read(this);
        },
        set(this: object, value: unknown): void {
          Reflect.defineProperty(this, 'constructor', { value, writable: true, enumerable: true, configurable: true });
        },
        configurable: false,
        enumerable: false,
      },
    });
    this.#byPrototype.set(prototype, lookout);
    this.#prototypes.set(lookout, prototype);
    return lookout;
  }
}
