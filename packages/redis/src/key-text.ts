/** The text of names and labels in keys and fields: readable, and without what has a meaning there. */
import type { LabelRecord } from '@tsukimi/metrics';

/** Braces would form a hash tag, control characters can't be typed into redis-cli, and the percent sign begins an escape. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are escaped
const IN_NAMES = /[%{}\u0000-\u001f\u007f]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are escaped
const IN_LABELS = /[%{}&=\u0000-\u001f\u007f]/g;

const escaped = (character: string): string => `%${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`;

/** Returns a name for a key: `GET /files/{id}` becomes `GET /files/%7Bid%7D`. */
export function nameText(name: string): string {
  return name.toWellFormed().replace(IN_NAMES, escaped);
}

/** Returns what `nameText` was made of. */
export function nameOf(text: string): string {
  return text.replace(/%([\dA-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Labels that do not change have one object in all deltas. */
const known = new WeakMap<LabelRecord, string>();

/** Returns labels for a key, in the order of their names: `method=GET&path=/greet/:name`. */
export function labelsText(labels: LabelRecord): string {
  const text = known.get(labels) ?? writtenLabels(labels);
  known.set(labels, text);
  return text;
}

function writtenLabels(labels: LabelRecord): string {
  const names = Object.keys(labels).sort();
  return names.map((name) => `${name}=${(labels[name] as string).toWellFormed().replace(IN_LABELS, escaped)}`).join('&');
}

/** Returns what `labelsText` was made of. */
export function labelsOf(text: string): Record<string, string> {
  if (text === '') return {};
  return Object.fromEntries(
    text.split('&').map((pair) => {
      const equals = pair.indexOf('=');
      return [pair.slice(0, equals), nameOf(pair.slice(equals + 1))];
    }),
  );
}
