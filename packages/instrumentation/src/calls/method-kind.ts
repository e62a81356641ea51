/** What kind of function a method is: it decides, once, which wrapper it gets. */
import { types } from 'node:util';

// biome-ignore lint/complexity/noBannedTypes: any function at all.
export type AnyFunction = Function;

export type MethodKind = 'plain' | 'async' | 'generator' | 'async-generator';

const GeneratorFunctionPrototype: unknown = Object.getPrototypeOf(function* () {});
const AsyncGeneratorFunctionPrototype: unknown = Object.getPrototypeOf(async function* () {});

/** Bound functions have no kind of their own but inherit from their target's prototype, so that is looked at as well. */
export function kindOf(method: AnyFunction): MethodKind {
  const prototype: unknown = Object.getPrototypeOf(method);
  if (prototype === AsyncGeneratorFunctionPrototype) return 'async-generator';
  if (prototype === GeneratorFunctionPrototype) return 'generator';
  // A bound or disguised async function takes the plain wrapper, which looks at what comes back.
  return types.isAsyncFunction(method) && !types.isGeneratorFunction(method) ? 'async' : 'plain';
}

/** Whether a function is a class: it is not a method and is never wrapped. */
export function isClass(value: AnyFunction): boolean {
  return Object.hasOwn(value, 'prototype') && /^class\b/.test(Function.prototype.toString.call(value));
}

/** Whether `new` works on it: arrow functions, methods, async functions and generators have no constructor. */
export function isConstructible(method: AnyFunction, kind: MethodKind): boolean {
  return kind === 'plain' && Object.hasOwn(method, 'prototype');
}
