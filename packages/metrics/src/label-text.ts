/** Label values as text: well-formed, of bounded length. */

/** Longer label values are cut here: memory stays bounded whatever a client sends. */
export const MAX_LABEL_VALUE_LENGTH = 1024;

/**
 * A label value as it will stand in the exposition. Nothing is empty, and so is a function: a label called `constructor` that is not given
 * reads as one.
 * @throws whatever an object throws that is asked for its text
 */
export function labelText(value: unknown): string {
  if (value === undefined || value === null || typeof value === 'function') return '';
  const text = typeof value === 'string' ? value : String(value);
  return (text.length > MAX_LABEL_VALUE_LENGTH ? text.slice(0, MAX_LABEL_VALUE_LENGTH) : text).toWellFormed();
}

/** V8 copies what is shorter when it is cut out of another text; longer ones are a view of it. */
const SHORTEST_VIEW = 13;

/** A copy of well-formed text that shares no memory with it: V8 keeps the 10 MB alive that a text was cut from. */
export function ownText(text: string): string {
  return text.length < SHORTEST_VIEW ? text : Buffer.from(text).toString();
}
