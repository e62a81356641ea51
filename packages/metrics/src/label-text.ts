/** Converts label values to well-formed text of limited length. */

/** Longer label values are cut to this length, so that clients can't make memory grow without limit. */
export const MAX_LABEL_VALUE_LENGTH = 1024;

/**
 * Returns the text of a label value. Undefined and null become empty, and so do functions, because reading a missing label called `constructor`
 * returns one.
 * @throws errors of the value's own conversion to text
 */
export function labelText(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'function') return '';
  const text = typeof value === 'string' ? value : String(value);
  return (text.length > MAX_LABEL_VALUE_LENGTH ? text.slice(0, MAX_LABEL_VALUE_LENGTH) : text).toWellFormed();
}

/** V8 copies shorter texts when they are cut from another one; longer ones are views. */
const SHORTEST_VIEW = 13;

/** Returns a copy of well-formed text that shares no memory with it. Otherwise, V8 keeps the whole text alive from which it was cut. */
export function ownText(text: string): string {
  return text.length < SHORTEST_VIEW ? text : Buffer.from(text).toString();
}
