/** Makes the tags of DogStatsD. */
import { hashed, looksHashed } from './hashed.js';

/** The longest tag, key and colon included, that Datadog keeps. */
const LONGEST_TAG = 200;
const HASH_LENGTH = hashed('', '').length;

// Commas and pipes end a tag, line breaks a line; the other control characters and halves of characters are not shown by anything.
const UNSAFE = /[,|\p{Cc}\p{Surrogate}\u2028\u2029]/u;
const ALL_UNSAFE = new RegExp(UNSAFE, 'gu');

export type Tags = Readonly<Record<string, string>>;

/**
 * Returns the end of a line: `|#method:GET,path:/api/users`, empty if there are no tags. The order is that of the keys. Where the protocol does not
 * allow a character, or the length, a hash of the value follows what is left of it.
 */
export function tagSection(tags: Tags): string {
  const pairs = Object.entries(tags).filter(([, value]) => value !== '');
  return pairs.length === 0 ? '' : `|#${pairs.map(([key, value]) => tagOf(key, value)).join(',')}`;
}

function tagOf(key: string, value: string): string {
  const room = LONGEST_TAG - key.length - 1;
  const characters = [...value];
  if (characters.length <= room && !UNSAFE.test(value) && !looksHashed(value)) return `${key}:${value}`;
  const left = characters.slice(0, Math.max(0, room - HASH_LENGTH)).join('');
  return `${key}:${hashed(left.replaceAll(ALL_UNSAFE, '_'), value)}`;
}
