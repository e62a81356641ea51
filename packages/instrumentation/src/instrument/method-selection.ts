/** The options `include` and `exclude` of `instrument()`. */
import { closest, distance } from 'fastest-levenshtein';
import { invalidOption } from '../errors.js';
import { patternExpression } from '../name-pattern.js';
import { methodUnknown } from './errors.js';

/** The names of an object's methods; any string if the compiler does not know them. */
export type MethodName<T> = [keyof T] extends [never]
  ? string
  : { [K in keyof T & string]-?: NonNullable<T[K]> extends (...args: never[]) => unknown ? K : never }[keyof T & string];

/** The name of a method, a name with `*` for any part, or a regular expression that is searched for in the name. */
export type MethodPattern<T> = MethodName<T> | `${string}*${string}` | RegExp;

/** The options that select methods. */
export interface SelectionOptions<T> {
  /**
   * Measure only these methods. Functions that the object holds under another name than their own can be included too.
   * @default all methods
   */
  readonly include?: readonly MethodPattern<T>[];
  /** Do not measure these methods. Overrides `include`. */
  readonly exclude?: readonly MethodPattern<T>[];
}

/** Selects methods by their names. */
export class MethodSelection {
  readonly #include: readonly RegExp[] | undefined;
  readonly #exclude: readonly RegExp[];
  /** Equal for equal options. */
  readonly key: string;

  /**
   * @param known all names that a method of the object can have; undefined if they are unknown, and entries are not checked
   * @throws TSK_ERR_INSTRUMENTATION_OPTION, TSK_ERR_INSTRUMENT_METHOD if an entry is not the name of a method
   */
  constructor({ include, exclude }: { readonly include?: unknown; readonly exclude?: unknown }, known: readonly string[] | undefined) {
    this.#include = include === undefined ? undefined : expressions('include', include, known);
    this.#exclude = exclude === undefined ? [] : expressions('exclude', exclude, known);
    this.key = [this.#include ?? [], this.#exclude].map((list) => list.map(String).join()).join(' ');
  }

  has(method: string): boolean {
    return (this.#include === undefined || matches(this.#include, method)) && !matches(this.#exclude, method);
  }

  /** Whether a method was named explicitly. */
  names(method: string): boolean {
    return this.#include !== undefined && this.has(method);
  }
}

function expressions(option: 'include' | 'exclude', given: unknown, known: readonly string[] | undefined): RegExp[] {
  const source = 'instrument() options';
  if (!Array.isArray(given))
    throw invalidOption({ key: option, value: given, source, allowed: "a list of methods, such as ['get', 'set*', /^h/]" });
  return given.map((entry: unknown, index) => {
    const key = `${option}[${index}]`;
    if (typeof entry !== 'string' && !(entry instanceof RegExp))
      throw invalidOption({ key, value: entry, source, allowed: 'a name, a name with * for any part of it, or a regular expression' });
    const expression = typeof entry === 'string' ? patternExpression(entry) : stateless(entry);
    if (known !== undefined && !known.some((name) => expression.test(name)))
      throw methodUnknown({ key, entry: String(entry), guess: likely(String(entry).replaceAll('*', ''), known) });
    return expression;
  });
}

/** Removes the flags `g` and `y`, with which each search would begin where the last one ended. */
function stateless(expression: RegExp): RegExp {
  return new RegExp(expression.source, expression.flags.replace(/[gy]/g, ''));
}

function matches(expressions: readonly RegExp[], method: string): boolean {
  return expressions.some((expression) => expression.test(method));
}

/** Returns the most similar name, if there is one. */
function likely(entry: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const guess = closest(entry, known);
  return distance(entry, guess) <= Math.max(2, entry.length / 3) ? guess : undefined;
}
