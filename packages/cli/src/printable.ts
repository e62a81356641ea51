/** Text from outside, as it may be written to a terminal. */

// Control characters, formatting ones (those that turn the direction of text among them), halves of characters, line and paragraph separators.
const NOT_PRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** Every character that could move the cursor, change colours or reorder text is shown as `�`. */
export function printable(text: string): string {
  return text.replace(NOT_PRINTABLE, '�');
}
