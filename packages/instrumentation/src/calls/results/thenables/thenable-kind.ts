/** Examines a thenable without running it: the methods that lead to its result, and whether its work has begun. Getters are never read. */
import { ChildProcess } from 'node:child_process';
import { types } from 'node:util';
import type { AnyFunction } from '../../functions/method-kind.js';
import { isNative } from '../../functions/platform.js';

/** The methods by which callers request the result of a thenable. */
export const WAYS = ['then', 'catch', 'finally', 'exec', 'execute'] as const;
/** The child processes of execa also pass their result to another process by `pipe`. */
const WAYS_OF_PROCESSES = [...WAYS, 'pipe'] as const;
export type Way = (typeof WAYS_OF_PROCESSES)[number];

/** The methods that an object may have itself. */
export function ownWaysOf(value: object): readonly Way[] {
  return value instanceof ChildProcess ? WAYS_OF_PROCESSES : WAYS;
}

/** A method, and the object that has it. */
export interface Found {
  readonly holder: object;
  readonly method: AnyFunction;
}

/** Finds an own or inherited method; undefined if there is none, if it is a getter, or if it is behind a proxy, which would notice. */
export function findMethod(value: object, prototype: unknown, name: string): Found | undefined {
  let holder: object | null = value;
  let next: unknown = prototype;
  while (holder !== null && holder !== Object.prototype && holder !== Array.prototype) {
    if (Object.hasOwn(holder, name)) {
      const method: unknown = Object.getOwnPropertyDescriptor(holder, name)?.value;
      return typeof method === 'function' ? { holder, method } : undefined;
    }
    holder = next as object | null;
    if (holder === null || types.isProxy(holder)) return undefined;
    next = Object.getPrototypeOf(holder);
  }
  return undefined;
}

/**
 * Whether a thenable has already begun its work: promises of another class or realm, objects that pose as promises, those that expose their state like
 * Bluebird and Q, and those that use a promise's own `then`, like execa's processes. All others are treated as lazy, like query builders.
 */
export function isEager(value: object, { holder, method }: Found): boolean {
  if (types.isPromise(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (holder === value && isNative(method)) return true;
  return isPromiseByDescent(prototype) || findMethod(value, prototype, 'isPending') !== undefined;
}

/**
 * Whether a thenable is a promise of another class or realm that settles like a native one, because its `then` is built in. A subclass with its own
 * `then` may start its work in it, and may have settled long before.
 */
export function settlesAsNative(value: object, { holder, method }: Found): boolean {
  if (!types.isPromise(value) || holder === value || Object.hasOwn(value, 'constructor')) return false;
  return Object.isExtensible(value) && (holder === Promise.prototype || isNative(method));
}

function isPromiseByDescent(prototype: unknown): boolean {
  for (let level = prototype; typeof level === 'object' && level !== null && !types.isProxy(level); level = Object.getPrototypeOf(level)) {
    if (level === Promise.prototype) return true;
  }
  return false;
}
