/** Text of a given width on the screen, where a wide character takes two columns. */
import characterWidth from 'fast-string-truncated-width';

const ELLIPSIS = '…';
const ASCII = /^[ -~]*$/;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** The columns that a text takes; it has been made printable. */
export function widthOf(text: string): number {
  return ASCII.test(text) ? text.length : charactersOf(text).reduce((sum, { width }) => sum + width, 0);
}

/** The text, cut to a width where it is longer; what is cut ends with `…`. */
export function cut(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let room = columns - ELLIPSIS.length;
  if (room < 0) return '';
  // Between characters as people see them: half of one is another one.
  const characters = charactersOf(text);
  const end = characters.findIndex(({ width }) => {
    room -= width;
    return room < 0;
  });
  const kept = characters.slice(0, end).map(({ character }) => character);
  return kept.join('') + ELLIPSIS;
}

/** The text at exactly this width: cut, or followed by blanks. */
export function fit(text: string, columns: number): string {
  const short = cut(text, columns);
  return short + ' '.repeat(Math.max(0, columns - widthOf(short)));
}

function charactersOf(text: string) {
  return [...graphemes.segment(text)].map(({ segment }) => ({ character: segment, width: characterWidth(segment).width }));
}
