/** Mappings of configuration: laying one over another, and looking a dotted key up in them. */
import { isEmpty, isMapping, isNull, type WrittenMapping, type WrittenValue } from './written-value.js';

/** What laying one mapping over another finds wrong. */
export interface OverlayProblems {
  /** A key with nothing behind it stands where a source below has a value. */
  onEmptied(path: readonly string[]): void;
}

/**
 * Lays one mapping over another: mappings are merged key by key, everything else is replaced.
 *
 * What is empty takes nothing away: a key with nothing behind it leaves the mapping below as it is, and is a problem over any other value.
 * A namespace can't be taken away by a null either, however it is written.
 */
export function overlay(base: WrittenMapping, top: WrittenMapping, problems: OverlayProblems): WrittenMapping {
  return overlayAt([], { base, top, problems });
}

interface Overlay {
  readonly base: WrittenMapping;
  readonly top: WrittenMapping;
  readonly problems: OverlayProblems;
}

function overlayAt(path: readonly string[], { base, top, problems }: Overlay): WrittenMapping {
  // fromEntries defines own properties: a key such as `__proto__` stays a key.
  const entries = new Map(Object.entries(base));
  for (const [key, value] of Object.entries(top)) {
    const below = entries.get(key);
    const inner = [...path, key];
    if (isMapping(below) && isMapping(value)) entries.set(key, overlayAt(inner, { base: below, top: value, problems }));
    else if (isMapping(below) && (isEmpty(value) || (isNull(value) && path.length === 0))) continue;
    else if (isEmpty(value) && below !== undefined && !isNull(below)) problems.onEmptied(inner);
    else entries.set(key, value);
  }
  return Object.fromEntries(entries);
}

/** The value at a dotted key; undefined where there is none. */
export function valueAt(mapping: WrittenMapping, key: string): WrittenValue | undefined {
  let value: WrittenValue | undefined = mapping;
  for (const part of key.split('.')) {
    if (!isMapping(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}
