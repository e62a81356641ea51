/** Labels that functions of the user compute: checked, bounded, and never the reason why a call or a request fails. */
import { types } from 'node:util';
import { isLabelName, type LabelValue, MAX_LABEL_VALUE_LENGTH, type MetricsRegistry } from '@tsukimi/metrics';
import { errorClassName } from './error-class-name.js';
import { labelsNotComputed, printed } from './errors.js';

/** Stands for values that are not declared, or past the budget of their label. */
export const OTHER_LABEL_VALUE = '__other__';

/** Stands for a value that could not be computed. */
export const ERROR_LABEL_VALUE = '__error__';

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

/** Each label that a function computes. */
export type LabelDeclarations = Readonly<Record<string, LabelDeclaration>>;

/** The values that a function computes: one for each label that is declared, and no others. */
export type ComputedLabels<V, R> = R & { readonly [L in Exclude<keyof R, keyof V>]: never };

/** What a computed value can be for each declared label. */
export type LabelValuesFor<V> = { readonly [L in keyof V]: LabelValue };

/** What is wrong with declarations. */
export interface DeclarationFault {
  readonly what: string;
  readonly allowed: string;
}

const DEFAULT_MAX_VALUES = 20;
const MOST_VALUES = 10_000;
/** Label sets that exist from the start, where all of them are known. */
const MOST_LISTED = 100;

/** Returns the first mistake in a declaration; undefined if there is none. */
export function declarationFault(declarations: unknown): DeclarationFault | undefined {
  if (typeof declarations !== 'object' || declarations === null || Array.isArray(declarations))
    return {
      what: `labelValues: ${printed(declarations)}`,
      allowed: "labelValues such as { tier: ['free', 'paid'], country: { maxValues: 50 } }",
    };
  const entries = Object.entries(declarations);
  if (entries.length === 0) return { what: 'labelValues without a label', allowed: "labelValues such as { tier: ['free', 'paid'] }" };
  for (const [label, declaration] of entries) {
    const fault = faultOf(label, declaration);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOf(label: string, declaration: unknown): DeclarationFault | undefined {
  if (!isLabelName(label))
    return {
      what: `labelValues with ${JSON.stringify(label)}, which is not a label name`,
      allowed:
        'letters, digits and underscores, not starting with a digit or with two underscores; "le" and "quantile" are reserved by Prometheus',
    };
  if (Array.isArray(declaration)) return listFault(label, declaration);
  if (typeof declaration !== 'object' || declaration === null)
    return {
      what: `labelValues.${label}: ${printed(declaration)}`,
      allowed: "a list of values, such as ['free', 'paid'], or { maxValues: 20 }",
    };
  const unknown = Object.keys(declaration).find((key) => key !== 'maxValues');
  if (unknown !== undefined)
    return { what: `labelValues.${label} with an unknown key, ${JSON.stringify(unknown)}`, allowed: 'maxValues only' };
  const { maxValues = DEFAULT_MAX_VALUES } = declaration as { readonly maxValues?: unknown };
  if (!Number.isInteger(maxValues) || Number(maxValues) < 1 || Number(maxValues) > MOST_VALUES)
    return { what: `labelValues.${label}.maxValues: ${printed(maxValues)}`, allowed: `an integer from 1 to ${MOST_VALUES}` };
  return undefined;
}

function listFault(label: string, values: readonly unknown[]): DeclarationFault | undefined {
  if (values.length === 0) return { what: `labelValues.${label} without values`, allowed: 'at least one value, or { maxValues: 20 }' };
  const reserved = [OTHER_LABEL_VALUE, ERROR_LABEL_VALUE];
  for (const [index, value] of values.entries()) {
    if (textOf(value) === undefined)
      return { what: `labelValues.${label}[${index}]: ${printed(value)}`, allowed: 'texts, numbers or booleans' };
    if (reserved.includes(String(value)))
      return {
        what: `labelValues.${label}[${index}]: ${String(value)}, which is reserved`,
        allowed: `another value: ${reserved.join(' and ')} are added automatically`,
      };
  }
  return undefined;
}

interface BoundedLabelsOptions {
  readonly declarations: LabelDeclarations;
  readonly registry: MetricsRegistry;
  /** The metric that is recorded with these labels. */
  readonly metric: string;
  /** What computes them, for errors: `labels of @Timed on OrderService.create`. */
  readonly source: string;
}

/** The values of labels as they are recorded. */
export class BoundedLabels {
  readonly names: readonly string[];
  readonly #bounds: readonly Bound[];
  readonly #options: BoundedLabelsOptions;
  #isComputing = false;

  /** @param options with declarations that have no fault */
  constructor(options: BoundedLabelsOptions) {
    const entries = Object.entries(options.declarations);
    this.names = entries.map(([name]) => name);
    this.#bounds = entries.map(([, declaration]) => boundOf(declaration));
    this.#options = options;
  }

  /** Every label set of declared values, in the order of the names; empty if some label has a budget instead, or where there are more than 100. */
  get listed(): readonly (readonly string[])[] {
    let sets: string[][] = [[]];
    for (const bound of this.#bounds) {
      if (!(bound instanceof ListedValues) || sets.length * bound.values.length > MOST_LISTED) return [];
      sets = sets.flatMap((set) => bound.values.map((value) => [...set, value]));
    }
    return sets;
  }

  /**
   * Runs a function for the labels of one call or request. Never throws; what is wrong costs the label, and is reported once.
   * @returns a value for each name
   */
  of(compute: () => unknown): readonly string[] {
    // A function that calls the method it labels would never end.
    if (this.#isComputing) return this.#failed('calls the method that it labels');
    this.#isComputing = true;
    try {
      return this.#read(compute());
    } catch (error) {
      return this.#failed(`threw ${errorClassName(error)}`, error);
    } finally {
      this.#isComputing = false;
    }
  }

  #read(given: unknown): readonly string[] {
    if (typeof given !== 'object' || given === null || types.isPromise(given)) {
      contain(given);
      return this.#failed(`returned ${described(given)} instead of an object with label values`);
    }
    const values: string[] = [];
    for (let index = 0; index < this.names.length; index += 1)
      values.push(this.#valueOf(given as Readonly<Record<string, unknown>>, index));
    const keys = Object.keys(given);
    const undeclared = keys.length === this.names.length ? undefined : keys.find((name) => !this.names.includes(name));
    if (undeclared !== undefined)
      this.#report(`returned a label that is not declared, ${JSON.stringify(undeclared.slice(0, 100))}, which is left out`);
    return values;
  }

  #valueOf(given: Readonly<Record<string, unknown>>, index: number): string {
    const name = this.names[index] as string;
    try {
      const value = given[name];
      const text = textOf(value);
      if (text !== undefined) return (this.#bounds[index] as Bound).admit(text);
      contain(value);
      this.#report(`returned ${described(value)} for ${name}, which is recorded as ${ERROR_LABEL_VALUE}`);
    } catch (error) {
      this.#report(`threw ${errorClassName(error)} when ${name} was read, which is recorded as ${ERROR_LABEL_VALUE}`, error);
    }
    return ERROR_LABEL_VALUE;
  }

  #failed(what: string, cause?: unknown): readonly string[] {
    this.#report(`${what}, so ${this.names.join(', ')} ${this.names.length === 1 ? 'is' : 'are'} recorded as ${ERROR_LABEL_VALUE}`, cause);
    return this.names.map(() => ERROR_LABEL_VALUE);
  }

  #report(what: string, cause?: unknown): void {
    const { registry, metric, source } = this.#options;
    registry.refused(metric, 'TSK_ERR_INSTRUMENTATION_LABELS', () => labelsNotComputed({ metric, source, what }, cause));
  }
}

/** Which values a label can have. */
interface Bound {
  /** The value itself, or what stands for it. */
  admit(value: string): string;
}

function boundOf(declaration: LabelDeclaration): Bound {
  if (!Array.isArray(declaration)) return new CountedValues((declaration as LabelBudget).maxValues ?? DEFAULT_MAX_VALUES);
  return new ListedValues([...new Set(declaration.map(String))]);
}

class ListedValues implements Bound {
  readonly #values: ReadonlySet<string>;

  constructor(readonly values: readonly string[]) {
    this.#values = new Set(values);
  }

  admit(value: string): string {
    return this.#values.has(value) || value === ERROR_LABEL_VALUE ? value : OTHER_LABEL_VALUE;
  }
}

/** The values that came first, up to a number of them. */
export class CountedValues implements Bound {
  readonly #values = new Set<string>();

  constructor(private readonly most: number) {}

  admit(value: string): string {
    if (this.#values.has(value) || value === ERROR_LABEL_VALUE) return value;
    if (this.#values.size >= this.most || value === OTHER_LABEL_VALUE) return OTHER_LABEL_VALUE;
    this.#values.add(value);
    return value;
  }
}

/** Undefined for what is no label value. */
function textOf(value: unknown): string | undefined {
  switch (typeof value) {
    case 'string':
      return value.slice(0, MAX_LABEL_VALUE_LENGTH);
    case 'number':
    case 'boolean':
    case 'bigint':
      return String(value);
    default:
      return undefined;
  }
}

// As it is when this is loaded.
const { then } = Promise.prototype;

/** Prevents an `unhandledRejection` that only the label function has caused. */
function contain(value: unknown): void {
  if (types.isPromise(value)) then.call(value, undefined, () => undefined);
}

function described(value: unknown): string {
  if (types.isPromise(value)) return 'a promise';
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

type Level<S> = Map<string, Level<S> | S>;

/** Something for each label set, made on first use and found without a key that two label sets could share. */
export class ByLabelSet<S extends object> {
  readonly #root: Level<S> = new Map();

  /** @param make undefined if it can't be made now; it is asked again */
  constructor(private readonly make: (values: readonly string[]) => S | undefined) {}

  of(values: readonly string[]): S | undefined {
    let level = this.#root;
    for (let index = 0; index < values.length - 1; index += 1) {
      const value = values[index] as string;
      let next = level.get(value) as Level<S> | undefined;
      if (next === undefined) {
        next = new Map();
        level.set(value, next);
      }
      level = next;
    }
    const last = values.at(-1) as string;
    let found = level.get(last) as S | undefined;
    if (found === undefined) {
      found = this.make(values);
      if (found !== undefined) level.set(last, found);
    }
    return found;
  }
}
