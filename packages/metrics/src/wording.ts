/** How received values and causes are put into words in the messages of errors: short, on one line, never a throw. */
import { withoutUrlSecrets } from './shown-address.js';

/** A cause, in the middle of a sentence. */
export function describe(cause: unknown): string {
  try {
    if (!(cause instanceof Error)) return describeValue(cause);
    return short(withoutUrlSecrets(`${cause.name}: ${cause.message || String((cause as { code?: unknown }).code ?? '')}`));
  } catch {
    return 'an error that cannot be read';
  }
}

/** A received value as it can stand in a message: numbers and truth values as they are, of a text its length, since it may be a secret. */
export function describeValue(value: unknown): string {
  if (typeof value !== 'string') return quote(value);
  if (/^(-?\d{1,16}(\.\d{1,16})?)?$/.test(value)) return JSON.stringify(value);
  return `a text of ${value.length} character${value.length === 1 ? '' : 's'}`;
}

export function describeList(values: unknown): string {
  return Array.isArray(values) ? `[${values.map(describeValue).join(', ')}]` : describeValue(values);
}

/** A name, or a value that is none of the user's texts, as it can stand in a message: short, on one line, never a throw. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(short(value));
  if (typeof value === 'function') return 'a function';
  // Without a look inside: a revoked proxy throws even where it is asked whether it is an array.
  if (typeof value === 'object' && value !== null) return 'an object';
  return short(String(value));
}

export function quoteList(values: unknown): string {
  return Array.isArray(values) ? `[${values.map(quote).join(', ')}]` : quote(values);
}

export function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
