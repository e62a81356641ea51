/** Keeps the values of labels to those that are declared, or to a number of them. */
import { type LabelValue, MAX_LABEL_VALUE_LENGTH } from '@tsukimi/metrics';

/** A label whose values are not known beforehand. */
export interface LabelBudget {
  /**
   * How many different values it can have, from 1 to 10000: those that come first. Others become `__other__`.
   * @default 20
   */
  readonly maxValues?: number;
}

/** The values that a label can have, or how many there can be. Other values become `__other__`. */
export type LabelDeclaration = readonly LabelValue[] | LabelBudget;

/** Stands for values that are not declared, or past the budget of their label. */
export const OTHER_LABEL_VALUE = '__other__';

/** Stands for a value that could not be computed. */
export const ERROR_LABEL_VALUE = '__error__';

/** Stands for the label of what nobody has looked at, such as a request that never got to Fastify. */
export const UNSEEN_LABEL_VALUE = '__unseen__';

export const RESERVED_LABEL_VALUES: readonly string[] = [OTHER_LABEL_VALUE, ERROR_LABEL_VALUE, UNSEEN_LABEL_VALUE];

export const DEFAULT_MAX_VALUES = 20;
export const MOST_VALUES = 10_000;

/** Which values a label can have. */
export interface Bound {
  /** The value itself, or what stands for it. */
  admit(value: string): string;
}

export function boundOf(declaration: LabelDeclaration): Bound {
  if (!Array.isArray(declaration)) return new CountedValues((declaration as LabelBudget).maxValues ?? DEFAULT_MAX_VALUES);
  return new ListedValues(declaration.map(String));
}

export class ListedValues implements Bound {
  readonly values: readonly string[];
  readonly #own: ReadonlyMap<string, string>;

  constructor(values: readonly string[]) {
    this.#own = new Map([...values, ERROR_LABEL_VALUE].map((value) => [value, value]));
    this.values = [...new Set(values)];
  }

  // What is returned is kept as a key: one of ours, not a part of a long text of the request.
  admit(value: string): string {
    return this.#own.get(value) ?? OTHER_LABEL_VALUE;
  }
}

/** The values that came first, up to a number of them. */
export class CountedValues implements Bound {
  readonly #own = new Map(RESERVED_LABEL_VALUES.map((value) => [value, value]));
  readonly #most: number;

  constructor(most: number) {
    this.#most = this.#own.size + most;
  }

  admit(value: string): string {
    const known = this.#own.get(value);
    if (known !== undefined) return known;
    if (this.#own.size >= this.#most) return OTHER_LABEL_VALUE;
    // A copy, because V8 keeps the whole text alive from which a part was cut.
    const own = Buffer.from(value).toString();
    this.#own.set(own, own);
    return own;
  }
}

/** Undefined for what is no label value. */
export function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      // As the series will have it: two texts that end up as one are one value.
      return value.slice(0, MAX_LABEL_VALUE_LENGTH).toWellFormed();
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      return undefined;
  }
}
