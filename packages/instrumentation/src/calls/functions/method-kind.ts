/** Determines the kind of a method's function, which decides once which wrapper it gets. */
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

// Another registry may have wrapped the method already. The kind of that wrapper is the kind of the method.
const kindsOfWrappers = new WeakMap<AnyFunction, MethodKind>();

/** Stores the kind of a wrapper, and returns the wrapper. */
export function rememberKind(wrapper: AnyFunction, kind: MethodKind): AnyFunction {
  kindsOfWrappers.set(wrapper, kind);
  return wrapper;
}

/** Whether a function is one of our wrappers. */
export function isWrapper(method: AnyFunction): boolean {
  return kindsOfWrappers.has(method);
}

/** Bound functions have no kind of their own, but inherit from the prototype of their target, so that is checked too. */
export function kindOf(method: AnyFunction): MethodKind {
  const known = kindsOfWrappers.get(method);
  if (known !== undefined) return known;
  // A proxy would notice the look-up. The returned value is examined instead, as for bound and disguised async functions.
  if (types.isProxy(method)) return 'plain';
  const prototype: object | null = Object.getPrototypeOf(method);
  if (prototype === AsyncGeneratorFunctionPrototype) return 'async-generator';
  if (prototype === GeneratorFunctionPrototype) return 'generator';
  if (types.isGeneratorFunction(method)) return ofAnotherRealm(method, prototype);
  return types.isAsyncFunction(method) ? 'async' : 'plain';
}

/** A generator function that does not inherit from this realm's: it is from another realm, or its prototype was changed. */
function ofAnotherRealm(method: AnyFunction, prototype: object | null): MethodKind {
  if (prototype === null || functionPrototypes.has(prototype) || !isFunctionPrototype(prototype)) return 'plain';
  return types.isAsyncFunction(method) ? 'async-generator' : 'generator';
}

/** Whether a function is a class and not a method: a class, a built-in one, or a function with a custom prototype. */
export function isClass(value: AnyFunction): boolean {
  if (types.isProxy(value) || types.isGeneratorFunction(value)) return false;
  const prototype: unknown = Object.getOwnPropertyDescriptor(value, 'prototype')?.value;
  if (typeof prototype !== 'object' || prototype === null) return false;
  return /^class\b/.test(Function.prototype.toString.call(value)) || isNative(value) || !isUntouched(prototype);
}

/**
 * Whether a function is an object that can also be called, such as Knex's handle and axios: it has its own methods,
 * or inherits from something that is not a function. Any proxy may be one, except our own.
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

/** Whether `new` works on a function. It does not on arrow functions, methods, async functions and generators. */
export function isConstructible(method: AnyFunction, kind: MethodKind): boolean {
  return kind === 'plain' && Object.hasOwn(method, 'prototype');
}

// Every `function` has a prototype with only a `constructor`.
function isUntouched(prototype: object): boolean {
  if (types.isProxy(prototype)) return false;
  const parent: object | null = Object.getPrototypeOf(prototype);
  return parent !== null && isObjectPrototype(parent) && Reflect.ownKeys(prototype).every((key) => key === 'constructor');
}
