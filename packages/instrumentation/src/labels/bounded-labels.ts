/** Labels that functions of the user compute: checked, bounded, and never the reason why a call or a request fails. */
import { types } from 'node:util';
import type { MetricsRegistry } from '@tsukimi/metrics';
import { errorClassName } from '../error-class-name.js';
import { labelsNotComputed } from '../errors.js';
import { type Bound, boundOf, ERROR_LABEL_VALUE, ListedValues, textOf, UNSEEN_LABEL_VALUE } from './bounds.js';
import type { LabelDeclarations } from './declarations.js';

/** Label sets that exist from the start, where all of them are known. */
const MOST_LISTED = 100;

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

  /** The labels of what the function could not be asked about. */
  get unseen(): readonly string[] {
    return this.names.map(() => UNSEEN_LABEL_VALUE);
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
