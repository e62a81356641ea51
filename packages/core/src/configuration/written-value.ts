/** Configuration values that keep the text from which they were read. */
import type { ConfigurationValue } from './configuration.js';

/** A number, boolean or null of a YAML file with its text: `0049`, `1.10`, `True`, or an empty text for an empty null. */
export class WrittenScalar {
  constructor(
    readonly value: number | boolean | null,
    readonly text: string,
  ) {}
}

/** A value of one source, or of several merged sources. */
export type WrittenValue = string | number | boolean | null | WrittenScalar | readonly WrittenValue[] | WrittenMapping;

/** A mapping whose values keep their text. */
export interface WrittenMapping {
  readonly [key: string]: WrittenValue;
}

/** Whether a number keeps all digits of its text: `1.1` does; `1.10`, `0049` and `1234e5` do not. */
export function isExact(number: number, text: string): boolean {
  return String(number) === text;
}

/** Whether a value is a mapping, not a list or scalar. */
export function isMapping(value: unknown): value is WrittenMapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof WrittenScalar);
}

/** Whether a value is null, in any spelling. */
export function isNull(value: unknown): boolean {
  return value === null || (value instanceof WrittenScalar && value.value === null);
}

/** Whether the value of a key is empty: `metrics:`. */
export function isEmpty(value: unknown): boolean {
  return value instanceof WrittenScalar && value.value === null && value.text === '';
}

/** Returns the plain value. */
export function plainValue(written: WrittenValue): ConfigurationValue {
  if (written instanceof WrittenScalar) return written.value;
  if (typeof written !== 'object' || written === null) return written;
  if (Array.isArray(written)) return (written as readonly WrittenValue[]).map(plainValue);
  // fromEntries defines own properties, so a key such as `__proto__` stays a key.
  return Object.fromEntries(Object.entries(written).map(([key, value]: [string, WrittenValue]) => [key, plainValue(value)]));
}
