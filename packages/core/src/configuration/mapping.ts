/** Mappings as YAML gives them: merging them, and looking a dotted key up in them. */
import type { ConfigurationValue } from './configuration.js';

/** A mapping of keys to values. */
export interface Mapping {
  readonly [key: string]: ConfigurationValue;
}

/** Whether a value is a mapping, and no list. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Lays one mapping over another: mappings are merged key by key, everything else is replaced. */
export function overlay(base: Mapping, top: Mapping): Mapping {
  // fromEntries defines own properties: a key such as `__proto__` stays a key.
  const entries = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(top)) {
    const below = entries.get(key);
    entries.set(key, isMapping(below) && isMapping(value) ? overlay(below, value) : value);
  }
  return Object.fromEntries(entries);
}

/** The value at a dotted key; undefined where there is none. */
export function valueAt(mapping: Mapping, key: string): ConfigurationValue | undefined {
  let value: ConfigurationValue | undefined = mapping;
  for (const part of key.split('.')) {
    if (!isMapping(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}
