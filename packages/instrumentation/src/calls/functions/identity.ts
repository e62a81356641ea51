/** Makes a wrapper look like the original: name, length, kind, own properties, Reflect metadata. */
import 'reflect-metadata';
import type { AnyFunction } from './method-kind.js';

/** Copies the standard properties of a function to a wrapper. */
export function copyIdentity(original: AnyFunction, wrapper: AnyFunction): AnyFunction {
  const prototype: object | null = Object.getPrototypeOf(original);
  if (prototype !== Object.getPrototypeOf(wrapper)) Object.setPrototypeOf(wrapper, prototype);
  for (const key of Reflect.ownKeys(wrapper)) {
    if (!Object.hasOwn(original, key)) Reflect.deleteProperty(wrapper, key);
  }
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    // The wrapper's own `prototype` can't be redefined with other attributes, but accepts the value.
    if (descriptor !== undefined) Reflect.defineProperty(wrapper, key, descriptor);
  }
  if (!Object.isExtensible(original)) Object.preventExtensions(wrapper);
  return copyMetadata(original, wrapper);
}

const ordinary: ReadonlySet<string | symbol> = new Set(['length', 'name', 'prototype', 'arguments', 'caller']);

/** Whether a function has properties besides the standard ones. */
export function carriesProperties(original: AnyFunction): boolean {
  return Reflect.ownKeys(original).some((key) => !ordinary.has(key));
}

/** Copies the Reflect metadata of a function to a wrapper. */
export function copyMetadata(original: AnyFunction, wrapper: AnyFunction): AnyFunction {
  for (const key of Reflect.getOwnMetadataKeys(original)) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, original), wrapper);
  }
  return wrapper;
}
