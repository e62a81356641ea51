/** What a message may show of a value that somebody wrote: little, because any value may be a secret that stands in the wrong place. */

/** What is known of the place a value stands in. */
export interface ReceivedOptions {
  /** The dotted key, where there is one: under a key that speaks of a secret, not even the type is shown. */
  readonly key?: string | undefined;
  /**
   * Whether no secret belongs there, as under a port or a log level: numbers, true, false, null and words of `words` are then shown.
   * @default false
   */
  readonly isPlain?: boolean | undefined;
  /** Words that may be shown where `isPlain` is set, besides `true`, `null`, `auto` and the like. */
  readonly words?: readonly unknown[] | undefined;
}

const SECRET_KEY = /passw|pwd|passphrase|secret|token|key|credential|auth|dsn|private|cookie|connection_?string/i;
const NUMBER = /^-?\d{1,16}(\.\d{1,16})?$/;
const IPV4 = /^\d{1,3}(\.\d{1,3}){0,3}(\/\d{1,3})?$/;
const WORDS: ReadonlySet<string> = new Set([
  '',
  'true',
  'false',
  'yes',
  'no',
  'on',
  'off',
  'null',
  'none',
  'undefined',
  'all',
  'any',
  'auto',
  'default',
  'localhost',
  '*',
]);

/** Whether a dotted key, or one of the keys above it, speaks of a secret. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key);
}

/**
 * A received value for a message: its type and size (`a text of 12 characters`, `a list of 2 entries`), never the value itself unless the
 * options say that the place holds nothing secret.
 *
 * Use it for every message that names a value from configuration, options or the environment.
 *
 * @example describeReceived('hunter2') // a text of 7 characters
 * @example describeReceived(70000, { key: 'server.port', isPlain: true }) // 70000
 * @example describeReceived('hunter2', { key: 'mail.password' }) // ***
 */
export function describeReceived(value: unknown, { key = '', isPlain = false, words = [] }: ReceivedOptions = {}): string {
  if (isSecretKey(key)) return '***';
  const shown = isPlain ? plainText(value, words) : undefined;
  return shown ?? kindOf(value);
}

function plainText(value: unknown, words: readonly unknown[]): string | undefined {
  if (typeof value !== 'string') return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
  const isShown = NUMBER.test(value) || IPV4.test(value) || WORDS.has(value) || words.includes(value);
  return isShown ? JSON.stringify(value) : undefined;
}

// Without a look inside: a revoked proxy throws even where it is asked whether it is an array.
function kindOf(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  switch (typeof value) {
    case 'string':
      return value === '' ? '""' : `a text of ${count(value.length, 'character')}`;
    case 'boolean':
      return 'a boolean';
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
    case 'object':
      return sizeOf(value);
    default:
      return 'a number';
  }
}

function sizeOf(value: object): string {
  try {
    return Array.isArray(value) ? `a list of ${count(value.length, 'entry')}` : `an object of ${count(Object.keys(value).length, 'key')}`;
  } catch {
    return 'an object';
  }
}

function count(number: number, noun: string): string {
  return `${number} ${number === 1 ? noun : noun.replace(/(?<=[^aeiou])y$/, 'ie').concat('s')}`;
}
