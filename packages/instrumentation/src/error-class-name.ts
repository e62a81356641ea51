/** What errors are called in labels: by the name of their class, which is code, and never by a text that may hold data. */
import { types } from 'node:util';

/** Longer names are cut. */
const LONGEST_NAME = 64;
const MOST_LEVELS = 32;
const UNSAFE = /[^\p{L}\p{N}_$]/gu;

/**
 * The class of what was thrown, such as `TypeError`; of what is no object, its type: `string`, `undefined`, `null`. A proxy is a `Proxy`.
 *
 * Reads neither `name` nor `constructor` of the error itself, and no getter at all: nothing of the thrown value runs.
 * @returns letters, digits, `_` and `$`; 1 to 64 of them
 */
export function errorClassName(thrown: unknown): string {
  if (thrown === null) return 'null';
  if (typeof thrown !== 'object' && typeof thrown !== 'function') return typeof thrown;
  if (types.isProxy(thrown)) return 'Proxy';
  let level: object | null = Object.getPrototypeOf(thrown);
  for (let depth = 0; level !== null && depth < MOST_LEVELS && !types.isProxy(level); depth += 1) {
    const name = className(Object.getOwnPropertyDescriptor(level, 'constructor')?.value);
    if (name !== '') return name;
    level = Object.getPrototypeOf(level);
  }
  return types.isNativeError(thrown) ? 'Error' : 'Object';
}

/** Empty if there is none that can be read. */
function className(maker: unknown): string {
  if (typeof maker !== 'function' || types.isProxy(maker)) return '';
  const name: unknown = Object.getOwnPropertyDescriptor(maker, 'name')?.value;
  return typeof name === 'string' ? name.slice(0, LONGEST_NAME).toWellFormed().replace(UNSAFE, '_') : '';
}
