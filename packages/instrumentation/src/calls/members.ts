/** Which members of an object are methods to be measured. Getters are never read. */
import { types } from 'node:util';
import { type AnyFunction, isCallableObject, isClass } from './method-kind.js';
import { isOfThePlatform } from './platform.js';

/** A method and the name it is called by. */
export interface Method {
  readonly name: string;
  readonly original: AnyFunction;
  /** The property as it stands: on the prototype, or on the instance itself. */
  readonly descriptor: PropertyDescriptor;
}

/** Methods that an object inherits, nearest definition first; an accessor in between hides what lies behind it. */
export function inheritedMethods(prototype: object | null): Method[] {
  const methods = new Map<string, Method | undefined>();
  for (let level = prototype; level !== null && isOurs(level); level = Object.getPrototypeOf(level)) {
    for (const name of Object.getOwnPropertyNames(level)) {
      if (!methods.has(name)) methods.set(name, methodAt(level, name));
    }
  }
  return [...methods.values()].filter((method) => method !== undefined);
}

/** Functions in an object's own properties, such as arrow functions and bound methods; what it only holds, such as a database handle that can be called, is left alone. */
export function ownMethods(instance: object): Method[] {
  const methods = Object.getOwnPropertyNames(instance).flatMap((name) => methodAt(instance, name) ?? []);
  return methods.filter(({ original }) => !isCallableObject(original));
}

// A proxy would notice being asked for its properties.
function isOurs(level: object): boolean {
  return !types.isProxy(level) && !isOfThePlatform(level);
}

function methodAt(holder: object, name: string): Method | undefined {
  if (!mayNameMethod(name)) return undefined;
  const descriptor = Object.getOwnPropertyDescriptor(holder, name);
  const original: unknown = descriptor?.value;
  return descriptor !== undefined && typeof original === 'function' && !isClass(original) ? { name, original, descriptor } : undefined;
}

/** A leading underscore marks what is not public, by convention; a number, an element of a list. Symbols are left alone as well. */
function mayNameMethod(name: string): boolean {
  return name !== 'constructor' && !name.startsWith('_') && !/^\d+$/.test(name);
}
