/** What can be told of a thenable without asking it: the ways in to its answer, and whether its work has begun. Getters are never read. */
import { ChildProcess } from 'node:child_process';
import { types } from 'node:util';
import type { AnyFunction } from '../../functions/method-kind.js';
import { isNative } from '../../functions/platform.js';

/** What callers reach for to get a thenable's answer. */
export const WAYS = ['then', 'catch', 'finally', 'exec', 'execute'] as const;
/** A child process as execa makes it also hands its answer to another by `pipe`. */
const WAYS_OF_PROCESSES = [...WAYS, 'pipe'] as const;
export type Way = (typeof WAYS_OF_PROCESSES)[number];

/** The ways in that an object may have itself. */
export function ownWaysOf(value: object): readonly Way[] {
  return value instanceof ChildProcess ? WAYS_OF_PROCESSES : WAYS;
}

/** A method, and the object that has it. */
export interface Found {
  readonly holder: object;
  readonly method: AnyFunction;
}

/** A method, own or inherited; undefined if there is none, or a getter, or behind a proxy, which would notice. */
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
 * Whether a thenable has begun its work by itself: promises of another class or realm, what poses as one, what tells its state as Bluebird and Q do,
 * and what lends a promise's own `then`, as execa's processes do. Everything else is taken for lazy, as query builders are.
 */
export function isEager(value: object, { holder, method }: Found): boolean {
  if (types.isPromise(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (holder === value && isNative(method)) return true;
  return isPromiseByDescent(prototype) || findMethod(value, prototype, 'isPending') !== undefined;
}

/**
 * Whether a thenable is a promise of another class or realm that settles as a native one does: one whose `then` is the built-in one. A subclass that has a
 * `then` of its own may start its work with it, and have settled long before.
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
