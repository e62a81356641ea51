/** Makes a wrapper look like what it stands for: name, length, own properties, kind, Reflect metadata. */
import 'reflect-metadata';
import type { AnyFunction } from './method-kind.js';

export function copyIdentity(original: AnyFunction, wrapper: AnyFunction): AnyFunction {
  const prototype: object | null = Object.getPrototypeOf(original);
  if (prototype !== Object.getPrototypeOf(wrapper)) Object.setPrototypeOf(wrapper, prototype);
  for (const key of Reflect.ownKeys(original)) {
    const descriptor = Object.getOwnPropertyDescriptor(original, key);
    // A `prototype` that the wrapper has by itself can't be redefined as another kind, but takes the value.
    if (descriptor !== undefined) Reflect.defineProperty(wrapper, key, descriptor);
  }
  for (const key of Reflect.getOwnMetadataKeys(original)) {
    Reflect.defineMetadata(key, Reflect.getOwnMetadata(key, original), wrapper);
  }
  return wrapper;
}
