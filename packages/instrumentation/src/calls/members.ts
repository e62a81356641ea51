/** Which members of an object are methods to be measured. Getters are never read. */
import { EventEmitter } from 'node:events';
import { Stream } from 'node:stream';
import { type AnyFunction, isClass } from './method-kind.js';

/** A method and the name it is called by. */
export interface Method {
  readonly name: string;
  readonly original: AnyFunction;
}

/** Methods that an object inherits, nearest definition first; an accessor in between hides what lies behind it. */
export function inheritedMethods(prototype: object | null): Method[] {
  const methods = new Map<string, AnyFunction | undefined>();
  for (let level = prototype; level !== null && !isOfThePlatform(level); level = Object.getPrototypeOf(level)) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (!methods.has(name)) methods.set(name, methodAt(level, name));
    }
  }
  return [...methods].flatMap(([name, original]) => (original === undefined ? [] : [{ name, original }]));
}

/** Functions in an object's own properties, such as arrow functions and bound methods. */
export function ownMethods(instance: object): Method[] {
  return Object.getOwnPropertyNames(instance).flatMap((name) => {
    const original = methodAt(instance, name);
    return original === undefined ? [] : [{ name, original }];
  });
}

/** A leading underscore marks what is not public, by convention; symbols are left alone as well. */
function methodAt(holder: object, name: string): AnyFunction | undefined {
  if (name === 'constructor' || name.startsWith('_')) return undefined;
  const value: unknown = Object.getOwnPropertyDescriptor(holder, name)?.value;
  return typeof value === 'function' && !isClass(value) ? value : undefined;
}

const platformPrototypes = new Set<object>([Object.prototype, EventEmitter.prototype, Stream.prototype]);

/** What the platform gives to a class that extends `Map`, `EventEmitter` or a stream is not the component's own work. */
function isOfThePlatform(prototype: object): boolean {
  if (platformPrototypes.has(prototype)) return true;
  const maker: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value;
  return typeof maker === 'function' && /\{\s*\[native code\]\s*\}$/.test(Function.prototype.toString.call(maker));
}
