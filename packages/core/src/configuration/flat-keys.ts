/** Expands flat keys at the top level of a source: `metrics.allowed_ips: [...]` is `allowed_ips` in the namespace `metrics`. */
import { configurationKey } from './errors.js';
import { isEmpty, isMapping, type WrittenMapping, type WrittenValue } from './written-value.js';

/** Names a source, and places in it, for messages. */
export interface UnfoldedSource {
  readonly source: string;
  /** `application.yml, line 2`. */
  where(path: readonly string[]): string;
}

/** Splits `metrics.allowed_ips` into its parts. A key without dots, or with an empty part, is one part. */
export function partsOfKey(key: string): readonly string[] {
  const parts = key.split('.');
  return parts.includes('') ? [key] : parts;
}

/**
 * Returns the mapping with its flat keys moved into their namespaces. Keys on lower levels are unchanged, because their names may contain dots.
 * @throws TSK_ERR_CONFIGURATION_KEY if two keys conflict, or a key is ambiguous.
 */
export function unfoldKeys(mapping: WrittenMapping, source: UnfoldedSource): WrittenMapping {
  let unfolded: WrittenMapping = {};
  for (const [key, value] of Object.entries(mapping)) {
    const parts = partsOfKey(key);
    if (parts.length > 1 && /\[\d*\]$/.test(key)) throw entryOfList(key, source);
    if (hasStrayDot(key)) throw strayDot(key, source);
    const nested = parts.reduceRight<WrittenValue>((inner, part) => Object.fromEntries([[part, inner]]), value);
    unfolded = join([], { first: unfolded, second: nested as WrittenMapping, source });
  }
  return unfolded;
}

// Keys such as `.defaults` are common for YAML anchors; `metrics..port` is always a mistake.
function hasStrayDot(key: string): boolean {
  return partsOfKey(key).length === 1 && key.includes('.') && !/^\.[^.]+$/.test(key);
}

function strayDot(key: string, { source }: UnfoldedSource): Error {
  const meant = key.split('.').filter((part) => part !== '');
  const fix = meant.length > 1 ? `Write ${meant.join('.')}` : 'Write the key without it';
  return configurationKey(`${source}: the key ${key} has a stray dot`, fix);
}

function entryOfList(key: string, { source }: UnfoldedSource): Error {
  return configurationKey(
    `${source}: the flat key ${key} is one entry of a list`,
    `Write the whole list: ${key.replace(/\[\d*\]$/, '')}: [a, b]`,
  );
}

interface Join {
  readonly first: WrittenMapping;
  readonly second: WrittenMapping;
  readonly source: UnfoldedSource;
}

function join(path: readonly string[], { first, second, source }: Join): WrittenMapping {
  const entries = new Map(Object.entries(first));
  for (const [key, value] of Object.entries(second)) {
    const present = entries.get(key);
    const inner = [...path, key];
    if (present === undefined || (isEmpty(present) && isMapping(value))) entries.set(key, value);
    else if (isMapping(present) && isMapping(value)) entries.set(key, join(inner, { first: present, second: value, source }));
    else if (!(isMapping(present) && isEmpty(value)))
      throw configurationKey(
        `${source.where(inner)}: ${inner.join('.')} is set twice, as a flat key and in its namespace`,
        'Keep one of the two',
      );
  }
  return Object.fromEntries(entries);
}
