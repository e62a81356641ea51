/** The text of a variable as the value that a schema's types ask for. */
import { parseDecimal, splitList, splitPairs } from './environment.js';

/** A variable's value: entries of lists and mappings are still text. */
export type TextValue = string | number | boolean | null | readonly string[] | Readonly<Record<string, string>>;

/**
 * Lists are separated by commas, mappings are `key=value` pairs separated by commas; `null`, `[]` and `{}` are themselves.
 * Text that does not fit is returned as it is: validation then refuses it by name.
 */
export function fromText(text: string, types: readonly string[]): TextValue {
  for (const type of ORDER) {
    const value = types.includes(type) ? READERS[type]?.(text) : undefined;
    if (value !== undefined) return value;
  }
  return text;
}

const ORDER = ['null', 'integer', 'number', 'boolean', 'array', 'object'] as const;

// Each returns undefined where a text is not of its type.
const READERS: Readonly<Record<string, (text: string) => TextValue | undefined>> = {
  null: (text) => (text === 'null' ? null : undefined),
  integer: parseDecimal,
  number: parseDecimal,
  boolean: (text) => (/^(true|false)$/i.test(text) ? text.toLowerCase() === 'true' : undefined),
  array: readList,
  object: splitPairs,
};

// A variable that was meant to hold something, and holds nothing, is no empty list: an empty allowlist lets everybody in.
function readList(text: string): readonly string[] | undefined {
  const entries = splitList(text);
  return entries.length > 0 || text.trim() === '[]' ? entries : undefined;
}
