/** Flat keys at the top of a file: `metrics.allowed_ips: [...]` is `allowed_ips` in the namespace `metrics`. */
import { isEmpty, isMapping, type WrittenMapping, type WrittenValue } from './written-value.js';

/** What unfolding flat keys finds wrong. */
export interface FlatKeyProblems {
  /** A key is given in both forms, or twice in one. */
  onConflict(path: readonly string[]): void;
  /** `metrics.allowed_ips[0]`: a list is written as a list. */
  onIndex(key: string): void;
}

/** `metrics.allowed_ips` as its parts; one part for a key without dots, or with nothing between two of them. */
export function partsOfKey(key: string): readonly string[] {
  const parts = key.split('.');
  return parts.includes('') ? [key] : parts;
}

/** The mapping with its flat keys in their namespaces. Keys further down are left as they are: there a dot may be part of a name. */
export function unfoldKeys(mapping: WrittenMapping, problems: FlatKeyProblems): WrittenMapping {
  let unfolded: WrittenMapping = {};
  for (const [key, value] of Object.entries(mapping)) {
    const parts = partsOfKey(key);
    if (parts.length > 1 && /\[\d*\]$/.test(key)) problems.onIndex(key);
    const nested = parts.reduceRight<WrittenValue>((inner, part) => Object.fromEntries([[part, inner]]), value);
    unfolded = join([], { first: unfolded, second: nested as WrittenMapping, problems });
  }
  return unfolded;
}

interface Join {
  readonly first: WrittenMapping;
  readonly second: WrittenMapping;
  readonly problems: FlatKeyProblems;
}

function join(path: readonly string[], { first, second, problems }: Join): WrittenMapping {
  const entries = new Map(Object.entries(first));
  for (const [key, value] of Object.entries(second)) {
    const present = entries.get(key);
    const inner = [...path, key];
    if (present === undefined || (isEmpty(present) && isMapping(value))) entries.set(key, value);
    else if (isMapping(present) && isMapping(value)) entries.set(key, join(inner, { first: present, second: value, problems }));
    else if (!(isMapping(present) && isEmpty(value))) problems.onConflict(inner);
  }
  return Object.fromEntries(entries);
}
