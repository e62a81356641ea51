/** What kind of function a method is: it decides, once, which wrapper it gets. */
import { types } from 'node:util';
import { isFunctionPrototype, isNative, isObjectPrototype } from './platform.js';

// biome-ignore lint/complexity/noBannedTypes: any function at all.
export type AnyFunction = Function;

export type MethodKind = 'plain' | 'async' | 'generator' | 'async-generator';

const GeneratorFunctionPrototype: unknown = Object.getPrototypeOf(function* () {});
const AsyncGeneratorFunctionPrototype: unknown = Object.getPrototypeOf(async function* () {});
const functionPrototypes: ReadonlySet<unknown> = new Set([
  Function.prototype,
  Object.getPrototypeOf(async () => undefined),
  GeneratorFunctionPrototype,
  AsyncGeneratorFunctionPrototype,
]);

// Another registry may have wrapped it before: what its wrapper gives is what the method gives.
const kindsOfWrappers = new WeakMap<AnyFunction, MethodKind>();

/** Notes what a wrapper gives, and returns it. */
export function rememberKind(wrapper: AnyFunction, kind: MethodKind): AnyFunction {
  kindsOfWrappers.set(wrapper, kind);
  return wrapper;
}

/** Bound functions have no kind of their own but inherit from their target's prototype, so that is looked at as well. */
export function kindOf(method: AnyFunction): MethodKind {
  const known = kindsOfWrappers.get(method);
  if (known !== undefined) return known;
  // A proxy would notice being asked; what comes back is looked at instead, as it is for bound and disguised async functions.
  if (types.isProxy(method)) return 'plain';
  const prototype: object | null = Object.getPrototypeOf(method);
  if (prototype === AsyncGeneratorFunctionPrototype) return 'async-generator';
  if (prototype === GeneratorFunctionPrototype) return 'generator';
  if (types.isGeneratorFunction(method)) return ofAnotherRealm(method, prototype);
  return types.isAsyncFunction(method) ? 'async' : 'plain';
}

/** A generator function that inherits from none of this realm's: of another realm's, or somebody gave it another prototype. */
function ofAnotherRealm(method: AnyFunction, prototype: object | null): MethodKind {
  if (prototype === null || functionPrototypes.has(prototype) || !isFunctionPrototype(prototype)) return 'plain';
  return types.isAsyncFunction(method) ? 'async-generator' : 'generator';
}

/** Whether a function is there to be constructed, and so is no method: a class, a built-in one, or a function with a prototype of its own making. */
export function isClass(value: AnyFunction): boolean {
  if (types.isProxy(value) || types.isGeneratorFunction(value)) return false;
  const prototype: unknown = Object.getOwnPropertyDescriptor(value, 'prototype')?.value;
  if (typeof prototype !== 'object' || prototype === null) return false;
  return /^class\b/.test(Function.prototype.toString.call(value)) || isNative(value) || !isUntouched(prototype);
}

/**
 * Whether a function is an object in its own right that can also be called, as Knex's handle and axios are: it has methods of its own,
 * or inherits from something that is not a function. A proxy may be anything; ours are known.
 */
export function isCallableObject(value: AnyFunction): boolean {
  if (kindsOfWrappers.has(value)) return false;
  if (types.isProxy(value)) return true;
  const prototype: object | null = Object.getPrototypeOf(value);
  if (prototype === null || !(functionPrototypes.has(prototype) || isFunctionPrototype(prototype))) return true;
  return Object.getOwnPropertyNames(value).some((name) => isMethod(value, name));
}

function isMethod(value: AnyFunction, name: string): boolean {
  return name !== 'prototype' && typeof Object.getOwnPropertyDescriptor(value, name)?.value === 'function';
}

/** Whether `new` works on it: arrow functions, methods, async functions and generators have no constructor. */
export function isConstructible(method: AnyFunction, kind: MethodKind): boolean {
  return kind === 'plain' && Object.hasOwn(method, 'prototype');
}

// Every `function` comes with a prototype that holds nothing but the way back to it.
function isUntouched(prototype: object): boolean {
  if (types.isProxy(prototype)) return false;
  const parent: object | null = Object.getPrototypeOf(prototype);
  return parent !== null && isObjectPrototype(parent) && Reflect.ownKeys(prototype).every((key) => key === 'constructor');
}
