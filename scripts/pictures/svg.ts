/** Pieces of SVG as text. */

type Attributes = Readonly<Record<string, string | number | undefined>>;

/** An element; attributes that are undefined are left out, content is taken as it is. */
export function element(name: string, attributes: Attributes, content: readonly string[] | string = ''): string {
  const pairs = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escapeText(rounded(value))}"`],
  );
  const inside = typeof content === 'string' ? content : content.join('\n');
  return inside === '' ? `<${name}${pairs.join('')}/>` : `<${name}${pairs.join('')}>${inside}</${name}>`;
}

export interface TextStyle {
  readonly x: number;
  /** Of the base line. */
  readonly y: number;
  /** Height of the letters, in pixels; 12 unless given. */
  readonly size?: number;
  readonly fill?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly bold?: boolean;
  /** Where the text would be wider, it ends with an ellipsis. */
  readonly maxWidth?: number;
}

/** A line of text. */
export function text(content: string, { x, y, size = 12, fill = '#24292e', anchor, bold = false, maxWidth }: TextStyle): string {
  const shown = maxWidth === undefined ? content : shorten(content, { size, maxWidth });
  const attributes = { x, y, 'font-size': size, fill, 'text-anchor': anchor, 'font-weight': bold ? 600 : undefined };
  return element('text', attributes, escapeText(shown));
}

/** How wide a text is, in pixels; a little more than it is in the usual fonts. */
export function widthOf(content: string, size = 12): number {
  return [...content].reduce((width, letter) => width + size * emOf(letter), 0);
}

/** For content and attributes. */
export function escapeText(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}

function shorten(content: string, { size, maxWidth }: { readonly size: number; readonly maxWidth: number }): string {
  if (widthOf(content, size) <= maxWidth) return content;
  let shown = content;
  while (shown !== '' && widthOf(`${shown}…`, size) > maxWidth) shown = shown.slice(0, -1);
  return `${shown}…`;
}

function emOf(letter: string): number {
  if (/[il.,:;|'!j ]/.test(letter)) return 0.3;
  if (/[ftr()[\]{}/-]/.test(letter)) return 0.38;
  return /[mwMW@%A-Z]/.test(letter) ? 0.76 : 0.57;
}

function rounded(value: string | number): string {
  return typeof value === 'number' ? String(Math.round(value * 100) / 100) : value;
}
