/** Which texts are numbers: decimal ones only, where JavaScript and Ajv would also read `""`, `" 1"`, `0x10` and `Infinity`. */

const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const INTEGER = /^-?\d+$/;

/** The number that a text is; undefined for one that is no plain decimal, that is too large, or an integer that JavaScript can't hold exactly. */
export function numberOf(text: string): number | undefined {
  if (!DECIMAL.test(text) || isUnsafeInteger(text)) return undefined;
  const value = Number(text);
  return Number.isFinite(value) ? value : undefined;
}

/** Whether a text is an integer that JavaScript can't hold exactly. */
export function isUnsafeInteger(text: string): boolean {
  return INTEGER.test(text) && !Number.isSafeInteger(Number(text));
}
