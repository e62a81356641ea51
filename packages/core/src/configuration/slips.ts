/** Guesses what an unused top-level key was meant to be. */
import { nearest } from '../errors/nearest.js';
import { isMapping, type WrittenMapping, type WrittenValue } from './written-value.js';

const FARTHEST_NAMESPACE_TYPO = 2;
const FARTHEST_KEY_TYPO = 2;

/** The namespaces that are read, with the values of their keys. */
export type ReadNamespaces = ReadonlyMap<string, WrittenMapping>;

/**
 * Returns the namespace or key that a top-level key resembles: in capitals (`Metrics`), with another separator (`metrics/allowed_ips`), not
 * indented (`allowed_ips`), below the prefix of the variables (`tsukimi`), or misspelt. Undefined if it resembles none; it is then probably
 * the application's own.
 */
export function likelyMeant(
  name: string,
  { given, namespaces }: { given: WrittenMapping; namespaces: ReadNamespaces },
): string | undefined {
  const value = given[name];
  return sameLetters(name, namespaces) ?? keyOutside(name, value, namespaces) ?? nearestOf(name, { given, namespaces });
}

// Such a key is a mistake even if the correct one exists too.
function sameLetters(name: string, namespaces: ReadNamespaces): string | undefined {
  const letters = lettersOf(name);
  for (const [namespace, values] of namespaces) {
    if (lettersOf(namespace) === letters) return namespace;
    // `server-side` may be the application's own key, but the name of one of our keys is hardly a coincidence.
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
  // If the correct key exists too, this one is not a mistake.
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
