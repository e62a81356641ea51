/** Makes a wrapper pass for what it stands for: name, length, kind, own properties, Reflect metadata. */
import 'reflect-metadata';
import type { AnyFunction } from './method-kind.js';

/** Gives a wrapper the properties of a function that has only what every function has. */
export function copyIdentity(original: AnyFunction, wrapper: AnyFunction): AnyFunction {
  const prototype: object | null = Object.getPrototypeOf(original);
  if (prototype !== Object.getPrototypeOf(wrapper)) Object.setPrototypeOf(wrapper, prototype);
  for (const key of Reflect.ownKeys(wrapper)) {
    if (!Object.hasOwn(original, key)) Reflect.deleteProperty(wrapper, key);
  }
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    // A `prototype` that the wrapper has by itself can't be redefined as another kind, but takes the value.
    if (descriptor !== undefined) Reflect.defineProperty(wrapper, key, descriptor);
  }
  if (!Object.isExtensible(original)) Object.preventExtensions(wrapper);
  return copyMetadata(original, wrapper);
}

const ordinary: ReadonlySet<string | symbol> = new Set(['length', 'name', 'prototype', 'arguments', 'caller']);

/** Whether a function has properties that not every function has. */
export function carriesProperties(original: AnyFunction): boolean {
  return Reflect.ownKeys(original).some((key) => !ordinary.has(key));
}

/** Gives a wrapper the Reflect metadata of a function. */
export function copyMetadata(original: AnyFunction, wrapper: AnyFunction): AnyFunction {
  for (const key of Reflect.getOwnMetadataKeys(original)) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, original), wrapper);
  }
  return wrapper;
}
