/** Converts the text of an environment variable to the types of a schema. */
import { parseDecimal, splitList, splitPairs } from './environment.js';

/** The value of a variable. Entries of lists and mappings are still text. */
export type TextValue = string | number | boolean | null | readonly string[] | Readonly<Record<string, string>>;

/**
 * Lists are separated by commas, mappings are `key=value` pairs separated by commas; `null`, `[]` and `{}` are themselves.
 * Text that does not fit is returned unchanged, and the validation then rejects it.
 */
export function fromText(text: string, types: readonly string[]): TextValue {
  for (const type of ORDER) {
    const value = types.includes(type) ? READERS[type]?.(text) : undefined;
    if (value !== undefined) return value;
  }
  return text;
}

const ORDER = ['null', 'integer', 'number', 'boolean', 'array', 'object'] as const;

// Each returns undefined if a text is not of its type.
const READERS: Readonly<Record<string, (text: string) => TextValue | undefined>> = {
  null: (text) => (text === 'null' ? null : undefined),
  integer: parseDecimal,
  number: parseDecimal,
  boolean: (text) => (/^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined),
  array: readList,
  object: splitPairs,
};

// An empty variable is not an empty list, because an empty allowlist would allow everyone.
function readList(text: string): readonly string[] | undefined {
  const entries = splitList(text);
  return entries.length > 0 || text.trim() === '[]' ? entries : undefined;
}
