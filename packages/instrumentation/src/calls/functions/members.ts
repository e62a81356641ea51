/** Which members of an object are methods to be measured. Getters are never read. */
import { types } from 'node:util';
import { type AnyFunction, isCallableObject, isClass } from './method-kind.js';
import { isObjectPrototype, isOfThePlatform } from './platform.js';

/** A function that an object has or inherits, and the key it is called by. */
export interface Member {
  readonly key: string | symbol;
  readonly original: AnyFunction;
  /** The property as it stands: on the prototype, or on the instance itself. */
  readonly descriptor: PropertyDescriptor;
}

/** A member that can be measured: it goes by a name that is public. */
export type Method = Member & { readonly key: string };

/** Functions that an object inherits, nearest definition first; an accessor in between hides what lies behind it. */
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

/** A leading underscore marks what is not public, by convention; a number, an element of a list. Symbols are left alone as well. */
export function isMethod(member: Member): member is Method {
  return typeof member.key === 'string' && !member.key.startsWith('_') && !/^\d+$/.test(member.key);
}

/**
 * Whether a function in an own property is a method of its object: arrow functions, bound methods, functions without a name. What an object
 * of a class only holds goes by another name, such as a callback or a handle, or is built in, such as `JSON.parse`; a plain object's functions are all its own.
 */
export function isOwnMethod({ key, original, descriptor: property }: Method, prototype: object | null): boolean {
  if (isCallableObject(original)) return false;
  if (prototype === null || isObjectPrototype(prototype)) return true;
  const descriptor = Object.getOwnPropertyDescriptor(original, 'name');
  const name: unknown = descriptor === undefined ? '' : descriptor.value;
  // Written as `Object.defineProperty(this, 'method', { value: () => ... })`, a function is called `value`.
  const isDefined = name === 'value' && !(property.writable && property.enumerable && property.configurable);
  if (isDefined || name === '') return true;
  return typeof name === 'string' && ['', key].includes(name.replace(/^(?:bound )+/, '')) && (name !== key || !isBuiltIn(original));
}

// Much faster than `isNative` on long sources; bound functions, which have none either, go by other names.
function isBuiltIn(original: AnyFunction): boolean {
  return Function.prototype.toString.call(original).endsWith('{ [native code] }');
}

/** Whether a property can be given another value. */
export function isReplaceable({ descriptor }: Member): boolean {
  return descriptor.configurable === true || descriptor.writable === true;
}

// A proxy would notice being asked for its properties.
function isOurs(level: object): boolean {
  return !types.isProxy(level) && !isOfThePlatform(level);
}

function memberAt(holder: object, key: string | symbol): Member | undefined {
  if (key === 'constructor') return undefined;
  const descriptor = Object.getOwnPropertyDescriptor(holder, key);
  const original: unknown = descriptor?.value;
  return descriptor !== undefined && typeof original === 'function' && !isClass(original) ? { key, original, descriptor } : undefined;
}

/** The name that each function is measured by: its own where that is measured, else the first that is. */
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
