/** Makes text from outside safe for a terminal. */

// Control characters, formatting characters (including those that change the direction of text), surrogates, line and paragraph separators.
const NOT_PRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Replaces every character that could move the cursor, change colours or reorder text by `�`. */
export function printable(text: string): string {
  return text.replace(NOT_PRINTABLE, '�');
}
