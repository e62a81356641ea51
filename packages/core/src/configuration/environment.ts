/** Parses the text of environment variables. */

/** Environment variables, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The variable that names the active profile. */
export const PROFILE_VARIABLE = 'TSUKIMI_PROFILE';

const DECIMAL = /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i;
const INTEGER = /^-?\d+$/;

/**
 * Parses a decimal number. Returns undefined for any other text: hexadecimal, `Infinity`, empty, with spaces around it, or an integer
 * that a number can't represent exactly.
 */
export function parseDecimal(text: string): number | undefined {
  if (!DECIMAL.test(text)) return undefined;
  const number = Number(text);
  return Number.isFinite(number) && (!INTEGER.test(text) || Number.isSafeInteger(number)) ? number : undefined;
}

/** The entries of a comma-separated list, without the spaces around them; none for `[]`. */
export function splitList(text: string): string[] {
  if (text.trim() === '[]') return [];
  return text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '');
}

/** `key=value` pairs separated by commas as a mapping, an empty one for `{}`; undefined if an entry is not a pair. */
export function splitPairs(text: string): Readonly<Record<string, string>> | undefined {
  if (text.trim() === '{}') return {};
  const pairs = splitList(text).map((pair) => /^([^=]+)=(.*)$/s.exec(pair));
  if (pairs.length === 0 || pairs.some((pair) => pair === null)) return undefined;
  return Object.fromEntries(pairs.map((pair) => [pair?.[1]?.trim() ?? '', pair?.[2]?.trim() ?? '']));
}
