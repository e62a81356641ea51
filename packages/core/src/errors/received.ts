/** Describes received values for messages. It shows little, because any value may be a secret in the wrong place. */

/** Options of `describeReceived`: what is known about the place of the value. */
export interface ReceivedOptions {
  /** The dotted key, if there is one. If the key looks like that of a secret, not even the type is shown. */
  readonly key?: string | undefined;
  /**
   * Whether the place can't hold a secret, such as a port or a log level. Numbers, true, false, null and the words of `words` are then shown.
   * @default false
   */
  readonly isPlain?: boolean | undefined;
  /** Words that may be shown if `isPlain` is set, in addition to `true`, `null`, `auto` and similar. */
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

/** Whether a dotted key, or one of its parents, looks like that of a secret. */
export function isSecretKey(key: string): boolean {
  return SECRET_KEY.test(key);
}

/**
 * Describes a received value for a message by its type and size (`a text of 12 characters`, `a list of 2 entries`). The value itself is shown
 * only if the options say that it can't be a secret.
 *
 * Use it for every message about a value from configuration, options or the environment.
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

// Uses no operation on the value, because a revoked proxy throws even for Array.isArray.
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
