/** Configuration as it was written: plain values, and scalars that remember the text they were read from. */
import type { ConfigurationValue } from './configuration.js';

/** A number, a truth value or null of a YAML file, with its text: `0049`, `1.10`, `True`, or nothing at all for an empty null. */
export class WrittenScalar {
  constructor(
    readonly value: number | boolean | null,
    readonly text: string,
  ) {}
}

/** A value of one source or of several laid over each other. */
export type WrittenValue = string | number | boolean | null | WrittenScalar | readonly WrittenValue[] | WrittenMapping;

/** A mapping of keys to values as they were written. */
export interface WrittenMapping {
  readonly [key: string]: WrittenValue;
}

/** Whether a number keeps all that its text has: `1.1` does, `1.10`, `0049` and `1234e5` do not. */
export function isExact(number: number, text: string): boolean {
  return String(number) === text;
}

/** Whether a value is a mapping, and no list or scalar. */
export function isMapping(value: unknown): value is WrittenMapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof WrittenScalar);
}

/** Whether a value is null, however it was written. */
export function isNull(value: unknown): boolean {
  return value === null || (value instanceof WrittenScalar && value.value === null);
}

/** Whether a key has nothing behind it: `metrics:`. */
export function isEmpty(value: unknown): boolean {
  return value instanceof WrittenScalar && value.value === null && value.text === '';
}

/** The value as programs see it. */
export function plainValue(written: WrittenValue): ConfigurationValue {
  if (written instanceof WrittenScalar) return written.value;
  if (typeof written !== 'object' || written === null) return written;
  if (Array.isArray(written)) return (written as readonly WrittenValue[]).map(plainValue);
  // fromEntries defines own properties: a key such as `__proto__` stays a key.
  return Object.fromEntries(Object.entries(written).map(([key, value]: [string, WrittenValue]) => [key, plainValue(value)]));
}
