/** What a top-level key that nobody reads was most likely meant to be. */
import { nearest } from '../errors/nearest.js';
import { isMapping, type WrittenMapping, type WrittenValue } from './written-value.js';

const FARTHEST_NAMESPACE_TYPO = 2;
const FARTHEST_KEY_TYPO = 2;

/** The namespaces that are read, with the values of their keys. */
export type ReadNamespaces = ReadonlyMap<string, WrittenMapping>;

/**
 * The namespace or key that a top-level key is like: written in capitals (`Metrics`), with another separator (`metrics/allowed_ips`), not indented
 * (`allowed_ips`), below the prefix of the variables (`tsukimi`), or misspelt. Undefined where it is like none: it is then somebody's own.
 */
export function likelyMeant(
  name: string,
  { given, namespaces }: { given: WrittenMapping; namespaces: ReadNamespaces },
): string | undefined {
  const value = given[name];
  return sameLetters(name, namespaces) ?? keyOutside(name, value, namespaces) ?? nearestOf(name, { given, namespaces });
}

// Such a key is a slip even where the right one is there as well.
function sameLetters(name: string, namespaces: ReadNamespaces): string | undefined {
  const letters = lettersOf(name);
  for (const [namespace, values] of namespaces) {
    if (lettersOf(namespace) === letters) return namespace;
    // `server-side` may be anybody's; a key's own name is none by chance.
    const keys = /[^\p{L}\p{N}]/u.test(name) ? keysOf(values, namespace) : [];
    const exact = keys.find((key) => lettersOf(key) === letters);
    if (exact !== undefined) return exact;
    const near = letters.startsWith(lettersOf(namespace)) ? nearest(letters, keys.map(lettersOf), FARTHEST_KEY_TYPO) : undefined;
    if (near !== undefined) return keys.find((key) => lettersOf(key) === near);
  }
  return undefined;
}

function keyOutside(name: string, value: WrittenValue | undefined, namespaces: ReadNamespaces): string | undefined {
  if (isMapping(value)) return name === 'tsukimi' ? Object.keys(value).find((key) => namespaces.has(key)) : undefined;
  const owners = [...namespaces].filter(([, values]) => Object.hasOwn(values, name)).map(([owner]) => `${owner}.${name}`);
  return owners.length === 0 ? undefined : owners.join(' or ');
}

function nearestOf(name: string, { given, namespaces }: { given: WrittenMapping; namespaces: ReadNamespaces }): string | undefined {
  // Where the right one is there as well, this one is no slip.
  const candidates = [...namespaces.keys()].filter((candidate) => !Object.hasOwn(given, candidate));
  return nearest(name, candidates, FARTHEST_NAMESPACE_TYPO);
}

/** `Metrics/Allowed-IPs`, and `TSUKIMI_METRICS_ALLOWED_IPS`, as `metricsallowedips`. */
function lettersOf(name: string): string {
  const letters = name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  return letters.length > 'tsukimi'.length && letters.startsWith('tsukimi') ? letters.slice('tsukimi'.length) : letters;
}

function keysOf(values: WrittenMapping, prefix: string): string[] {
  return Object.entries(values).flatMap(([name, value]: [string, WrittenValue]) => {
    const key = `${prefix}.${name}`;
    return isMapping(value) ? [key, ...keysOf(value, key)] : [key];
  });
}
