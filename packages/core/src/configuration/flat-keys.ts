/** Flat keys at the top of a source: `metrics.allowed_ips: [...]` is `allowed_ips` in the namespace `metrics`. */
import { configurationKey } from './errors.js';
import { isEmpty, isMapping, type WrittenMapping, type WrittenValue } from './written-value.js';

/** How messages name a source, and a place in it. */
export interface UnfoldedSource {
  readonly source: string;
  /** `application.yml, line 2`. */
  where(path: readonly string[]): string;
}

/** `metrics.allowed_ips` as its parts; one part for a key without dots, or with nothing between two of them. */
export function partsOfKey(key: string): readonly string[] {
  const parts = key.split('.');
  return parts.includes('') ? [key] : parts;
}

/**
 * The mapping with its flat keys in their namespaces. Keys further down are left as they are: there a dot may be part of a name.
 * @throws TSK_ERR_CONFIGURATION_KEY where two keys contradict each other, or nobody could say which key is meant.
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

// `.defaults` is how many name what holds only anchors; `metrics..port` is nobody's name.
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
