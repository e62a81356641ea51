/** Finds the methods of an object. Getters are never read. */
import { types } from 'node:util';
import { type AnyFunction, isCallableObject, isClass } from './method-kind.js';
import { isObjectPrototype, isOfThePlatform } from './platform.js';

/** A function that an object has or inherits, with its key. */
export interface Member {
  readonly key: string | symbol;
  readonly original: AnyFunction;
  /** The descriptor of the property, on the prototype or on the instance itself. */
  readonly descriptor: PropertyDescriptor;
}

/** A member that can be measured: its name is public. */
export type Method = Member & { readonly key: string };

/** The functions that an object inherits, nearest definition first. An accessor hides the functions that it overrides. */
export function inheritedMembers(prototype: object | null): Member[] {
  const members = new Map<string | symbol, Member | undefined>();
  for (let level = prototype; level !== null && isOurs(level); level = Object.getPrototypeOf(level)) {
    for (const key of Reflect.ownKeys(level)) {
      if (!members.has(key)) members.set(key, memberAt(level, key));
    }
  }
  return [...members.values()].filter((member) => member !== undefined);
}

/** Functions in an object's own properties. */
export function ownMembers(instance: object): Member[] {
  return Reflect.ownKeys(instance).flatMap((key) => memberAt(instance, key) ?? []);
}

/** By convention, a leading underscore marks non-public members. Symbols, and numbers, which are list elements, are not methods either. */
export function isMethod(member: Member): member is Method {
  return typeof member.key === 'string' && !member.key.startsWith('_') && !/^\d+$/.test(member.key);
}

/**
 * Whether a function in an own property is a method of its object: an arrow function, a bound method, or a function without a name. Functions that an
 * instance of a class only holds have another name, such as callbacks, or are built in, such as `JSON.parse`. All functions of a plain object are methods.
 */
export function isOwnMethod({ key, original, descriptor: property }: Method, prototype: object | null): boolean {
  if (isCallableObject(original)) return false;
  if (prototype === null || isObjectPrototype(prototype)) return true;
  const descriptor = Object.getOwnPropertyDescriptor(original, 'name');
  const name: unknown = descriptor === undefined ? '' : descriptor.value;
  // In `Object.defineProperty(this, 'method', { value: () => ... })`, the name of the function is `value`.
  const isDefined = name === 'value' && !(property.writable && property.enumerable && property.configurable);
  if (isDefined || name === '') return true;
  return typeof name === 'string' && ['', key].includes(name.replace(/^(?:bound )+/, '')) && (name !== key || !isBuiltIn(original));
}

// Much faster than `isNative` on long sources. Bound functions have no source either, but other names.
function isBuiltIn(original: AnyFunction): boolean {
  return Function.prototype.toString.call(original).endsWith('{ [native code] }');
}

/** Whether a property can be changed. */
export function isReplaceable({ descriptor }: Member): boolean {
  return descriptor.configurable === true || descriptor.writable === true;
}

// A proxy would notice the look-up of its properties.
function isOurs(level: object): boolean {
  return !types.isProxy(level) && !isOfThePlatform(level);
}

function memberAt(holder: object, key: string | symbol): Member | undefined {
  if (key === 'constructor') return undefined;
  const descriptor = Object.getOwnPropertyDescriptor(holder, key);
  const original: unknown = descriptor?.value;
  return descriptor !== undefined && typeof original === 'function' && !isClass(original) ? { key, original, descriptor } : undefined;
}

/** Returns the name under which each function is measured: its own name if that is measured, otherwise the first measured one. */
export function canonicalMethods(methods: readonly Method[], isMeasured: (name: string) => boolean): ReadonlyMap<AnyFunction, string> {
  const names = new Map<AnyFunction, string>();
  for (const { key, original } of methods) {
    const known = names.get(original);
    if (known !== undefined && (known === nameOf(original) || key !== nameOf(original))) continue;
    if (isMeasured(key)) names.set(original, key);
  }
  return names;
}

function nameOf(original: AnyFunction): unknown {
  return Object.getOwnPropertyDescriptor(original, 'name')?.value;
}
