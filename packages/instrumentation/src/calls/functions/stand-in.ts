/** Wrappers that share the properties of the original: a property that is set on either of them is on both. */
import { inspect, types } from 'node:util';
import { copyMetadata } from './identity.js';
import type { AnyFunction } from './method-kind.js';

const { apply, construct } = Reflect;

/**
 * For functions with state, such as memoized functions and mocks. A call costs about 30 ns more than through a plain wrapper.
 *
 * Newer versions of Node print a `Proxy` as such. Therefore, the proxy's target is not the function but a shadow of it, which prints like the function.
 */
export function standInFor(original: AnyFunction, wrapper: AnyFunction): AnyFunction {
  // A proxy would notice the look-up, and a shadow that can't be extended could not print like another function.
  const hasShadow = !types.isProxy(original) && Object.isExtensible(original);
  const handler = hasShadow ? new ShadowCalls(original, wrapper) : new Calls(original, wrapper);
  handler.standIn = new Proxy(hasShadow ? shadowOf(original) : original, handler);
  return copyMetadata(original, handler.standIn);
}

/**
 * Calls go to the wrapper, everything else to the target.
 *
 * Traps are methods of a class, because creating a function for each trap of each stand-in would take longer than everything else for an instance.
 */
class Calls implements ProxyHandler<AnyFunction> {
  standIn: AnyFunction | undefined;

  constructor(
    protected readonly original: AnyFunction,
    private readonly wrapper: AnyFunction,
  ) {}

  apply(_target: AnyFunction, self: unknown, values: unknown[]): unknown {
    return apply(this.wrapper, self, values);
  }

  construct(_target: AnyFunction, values: unknown[], newTarget: AnyFunction): object {
    return construct(this.original, values, newTarget === this.standIn ? this.original : newTarget) as object;
  }
}

/** Returns an empty function that is constructible if the original is, and prints like the original. */
function shadowOf(original: AnyFunction): AnyFunction {
  // A bound function has no `prototype`, which could not be removed.
  const shadow: AnyFunction = isConstructor(original) ? function empty() {}.bind(undefined) : () => undefined;
  for (const key of Reflect.ownKeys(shadow)) Reflect.deleteProperty(shadow, key);
  return Object.defineProperty(shadow, inspect.custom, { value: () => original, configurable: true });
}

function isConstructor(value: AnyFunction): boolean {
  if (types.isGeneratorFunction(value)) return false;
  if (Object.hasOwn(value, 'prototype')) return true;
  // Of the functions without a prototype, only bound ones can be constructible. A failed attempt is expensive.
  if (!Function.prototype.toString.call(value).endsWith('{ [native code] }')) return false;
  try {
    // Only tests whether `new` would work: the handler returns an object before any code of the function runs.
    construct(new Proxy(value, { construct: () => ({}) }), []);
    return true;
  } catch {
    return false;
  }
}

/** Forwards all operations on the shadow to the original. Irrevocable changes are repeated on the shadow, as the language requires. */
class ShadowCalls extends Calls {
  get(_shadow: AnyFunction, key: PropertyKey, receiver: unknown): unknown {
    return Reflect.get(this.original, key, receiver);
  }

  // biome-ignore lint/complexity/useMaxParams: the parameters of a proxy trap.
  set(_shadow: AnyFunction, key: PropertyKey, value: unknown, receiver: unknown): boolean {
    return Reflect.set(this.original, key, value, receiver === this.standIn ? this.original : receiver);
  }

  has(_shadow: AnyFunction, key: PropertyKey): boolean {
    return Reflect.has(this.original, key);
  }

  deleteProperty(_shadow: AnyFunction, key: PropertyKey): boolean {
    return Reflect.deleteProperty(this.original, key);
  }

  ownKeys(): (string | symbol)[] {
    return Reflect.ownKeys(this.original);
  }

  getOwnPropertyDescriptor(shadow: AnyFunction, key: PropertyKey): PropertyDescriptor | undefined {
    const descriptor = Reflect.getOwnPropertyDescriptor(this.original, key);
    if (descriptor?.configurable === false) Reflect.defineProperty(shadow, key, descriptor);
    return descriptor;
  }

  defineProperty(shadow: AnyFunction, key: PropertyKey, descriptor: PropertyDescriptor): boolean {
    const isDefined = Reflect.defineProperty(this.original, key, descriptor);
    if (isDefined) this.getOwnPropertyDescriptor(shadow, key);
    return isDefined;
  }

  getPrototypeOf(): object | null {
    return Reflect.getPrototypeOf(this.original);
  }

  setPrototypeOf(_shadow: AnyFunction, prototype: object | null): boolean {
    return Reflect.setPrototypeOf(this.original, prototype);
  }

  preventExtensions(shadow: AnyFunction): boolean {
    const { original } = this;
    if (!Reflect.preventExtensions(original)) return false;
    Reflect.deleteProperty(shadow, inspect.custom);
    for (const key of Reflect.ownKeys(original)) Reflect.defineProperty(shadow, key, { ...this.getOwnPropertyDescriptor(shadow, key) });
    Reflect.setPrototypeOf(shadow, Reflect.getPrototypeOf(original));
    return Reflect.preventExtensions(shadow);
  }
}
