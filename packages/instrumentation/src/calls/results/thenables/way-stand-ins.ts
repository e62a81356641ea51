/**
 * Functions that temporarily replace the methods by which a thenable's result is requested. Inherited methods are replaced on a prototype of ours,
 * which the thenable gets for that time. This needs only one change, and no `then` on a promise itself, which would slow down every promise of the
 * process. Own methods are replaced one by one.
 */
import { types } from 'node:util';
import { copyIdentity } from '../../functions/identity.js';
import type { AnyFunction } from '../../functions/method-kind.js';
import { findMethod, ownWaysOf, WAYS, type Way } from './thenable-kind.js';

/** A call of one of the methods, on the thenable `owner`, or on `self` if the owner is unknown. */
export interface WayTaken {
  readonly way: Way;
  readonly owner: object | undefined;
  readonly self: unknown;
  readonly values: unknown[];
  readonly original: AnyFunction;
}

type Take = (taken: WayTaken) => unknown;

// These call `then` themselves.
const callThen: ReadonlySet<unknown> = new Set([Promise.prototype.catch, Promise.prototype.finally]);

/** Creates and places the replacement functions. */
export class StandIns {
  readonly #take: Take;
  /** Our prototypes, by the prototype that they inherit from. */
  readonly #shadows = new WeakMap<object, object | undefined>();
  readonly #shadowed = new WeakMap<object, object>();

  constructor(take: Take) {
    this.#take = take;
  }

  /** @returns a function that restores the methods, unless other code has replaced them; undefined if `then` can't be replaced */
  place(value: object): (() => void) | undefined {
    this.unshadow(value);
    const undo: (() => void)[] = [];
    let hasThen = false;
    for (const way of ownWaysOf(value)) {
      const descriptor = Object.getOwnPropertyDescriptor(value, way);
      const restore = typeof descriptor?.value === 'function' ? this.#replace(value, way, descriptor) : undefined;
      if (restore === undefined) continue;
      undo.push(restore);
      hasThen ||= way === 'then';
    }
    const shadow = this.#shadowOf(Object.getPrototypeOf(value));
    if (shadow !== undefined && Reflect.setPrototypeOf(value, shadow)) {
      undo.push(() => this.unshadow(value));
      hasThen ||= !Object.hasOwn(value, 'then');
    }
    const putBack = (): void => {
      for (const restore of undo) restore();
    };
    if (hasThen) return putBack;
    putBack();
    return undefined;
  }

  /** Restores the prototype of an object. */
  unshadow(object: object): void {
    const prototype = this.#shadowed.get(Object.getPrototypeOf(object));
    if (prototype !== undefined) Reflect.setPrototypeOf(object, prototype);
  }

  #replace(value: object, way: Way, descriptor: PropertyDescriptor): (() => void) | undefined {
    const original: AnyFunction = descriptor.value;
    const take = this.#take;
    const standIn = {
      listen(this: unknown, ...values: unknown[]): unknown {
        return take({ way, owner: value, self: this, values, original });
      },
    }.listen;
    copyIdentity(original, standIn);
    if (!Reflect.defineProperty(value, way, { ...descriptor, value: standIn })) return undefined;
    return () => {
      if (Object.getOwnPropertyDescriptor(value, way)?.value === standIn) Reflect.defineProperty(value, way, descriptor);
    };
  }

  /** Returns our prototype for another one; undefined if no inherited method needs to be replaced. */
  #shadowOf(prototype: object | null): object | undefined {
    if (prototype === null || prototype === Object.prototype || types.isProxy(prototype)) return undefined;
    if (this.#shadows.has(prototype)) return this.#shadows.get(prototype);
    const shadow: object = Object.create(prototype);
    for (const way of WAYS) {
      const original = findMethod(prototype, Object.getPrototypeOf(prototype), way)?.method;
      if (original !== undefined && !callThen.has(original)) this.#shadow(shadow, way, original);
    }
    const isNeeded = Reflect.ownKeys(shadow).length > 0;
    this.#shadows.set(prototype, isNeeded ? shadow : undefined);
    this.#shadowed.set(shadow, prototype);
    return isNeeded ? shadow : undefined;
  }

  #shadow(shadow: object, way: Way, original: AnyFunction): void {
    const take = this.#take;
    const standIn = {
      listen(this: unknown, ...values: unknown[]): unknown {
        // Looked up again, because it may have been patched in the meantime.
        const current: unknown = Reflect.get(Object.getPrototypeOf(shadow), way, this);
        return take({ way, owner: undefined, self: this, values, original: current as AnyFunction });
      },
    }.listen;
    copyIdentity(original, standIn);
    Object.defineProperty(shadow, way, { value: standIn, writable: true, configurable: true, enumerable: false });
  }
}
