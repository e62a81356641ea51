/** Marks texts that were changed, so that two different ones never become the same. */
import { createHash } from 'node:crypto';

const MARKED = /--[\da-f]{8}$/;

/** Returns what is left of a text, and a hash of the whole: `a,b` becomes `a_b--4d6e3f12`. */
export function hashed(left: string, whole: string): string {
  // In UTF-16, because UTF-8 has one form for all halves of characters.
  const hash = createHash('sha256').update(Buffer.from(whole, 'utf16le')).digest('hex');
  return `${left}--${hash.slice(0, 8)}`;
}

/** Tells whether a text looks as if `hashed` had made it. */
export function looksHashed(text: string): boolean {
  return MARKED.test(text);
}
