/** Formats received values and causes for error messages: short, on one line, without ever throwing. */
import { withoutUrlSecrets } from './shown-address.js';

/**
 * Formats a cause for the middle of a sentence.
 * @param clean removes secrets from its text
 */
export function describe(cause: unknown, clean: (text: string) => string = (text) => text): string {
  try {
    if (!(cause instanceof Error)) return describeValue(cause);
    return short(withoutUrlSecrets(clean(`${cause.name}: ${cause.message || String((cause as { code?: unknown }).code ?? '')}`)));
  } catch {
    return 'an error that cannot be read';
  }
}

/** Formats a received value for a message. Numbers and booleans are shown; of a text, only its length, because it may be a secret. */
export function describeValue(value: unknown): string {
  if (typeof value !== 'string') return quote(value);
  if (/^(-?\d{1,16}(\.\d{1,16})?)?$/.test(value)) return JSON.stringify(value);
  return `a text of ${value.length} character${value.length === 1 ? '' : 's'}`;
}

export function describeList(values: unknown): string {
  return Array.isArray(values) ? `[${values.map(describeValue).join(', ')}]` : describeValue(values);
}

/** Formats a name, or another value that can't be a secret, for a message: short, on one line, without ever throwing. */
export function quote(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(short(value));
  if (typeof value === 'function') return 'a function';
  // Uses no operation on the value, because a revoked proxy throws even for Array.isArray.
  if (typeof value === 'object' && value !== null) return 'an object';
  return short(String(value));
}

export function quoteList(values: unknown): string {
  return Array.isArray(values) ? `[${values.map(quote).join(', ')}]` : quote(values);
}

export function short(text: string): string {
  return text.length > 80 ? `${text.slice(0, 80)}...` : text;
}
