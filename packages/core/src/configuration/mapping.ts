/** Merges mappings of configuration, and looks up dotted keys. */
import { isEmpty, isMapping, isNull, type WrittenMapping, type WrittenValue } from './written-value.js';

/** Callbacks for problems that a merge finds. */
export interface OverlayProblems {
  /** A key without a value would remove the value of an earlier source. */
  onEmptied(path: readonly string[]): void;
}

/**
 * Merges two mappings: nested mappings are merged key by key, everything else is replaced.
 *
 * A key without a value never removes anything: over a mapping it has no effect, over any other value it is a problem.
 * A null does not remove a namespace either, in any spelling.
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
  // fromEntries defines own properties, so a key such as `__proto__` stays a key.
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

/** The value at a dotted key; undefined if there is none. */
export function valueAt(mapping: WrittenMapping, key: string): WrittenValue | undefined {
  let value: WrittenValue | undefined = mapping;
  for (const part of key.split('.')) {
    if (!isMapping(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}
