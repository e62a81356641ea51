/** Parses decimal numbers only. JavaScript and Ajv would also accept `""`, `" 1"`, `0x10` and `Infinity`. */

const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const INTEGER = /^-?\d+$/;

/** Parses a number. Returns undefined if the text is not a plain decimal, too large, or an integer that JavaScript can't represent exactly. */
export function numberOf(text: string): number | undefined {
  if (!DECIMAL.test(text) || isUnsafeInteger(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether a text is an integer that JavaScript can't represent exactly. */
export function isUnsafeInteger(text: string): boolean {
  return INTEGER.test(text) && !Number.isSafeInteger(Number(text));
}
