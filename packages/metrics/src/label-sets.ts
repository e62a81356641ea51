/** Maps label sets to series, with one nested map for each label, and limits their number. */
import { labelText, ownText } from './label-text.js';
import type { LabelValue } from './label-types.js';
import { forget, type HeldSeries } from './series-holder.js';

/** The series of a label set. */
export interface LabelledSeries extends HeldSeries {
  /** One value for each label name, in the order of the metric's label names. */
  labelValues: readonly string[];
  /** The text of its own labels in the exposition, without braces; created at the first scrape. */
  exposedLabels: string | undefined;
}

/** The label value of the series for label sets beyond the limit. */
export const OVERFLOW_LABEL_VALUE = '__overflow__';

type Level<S> = Map<string, Level<S>> | S;
type LabelObject = Readonly<Record<string, LabelValue | null | undefined>>;

interface LabelSetsOptions<S> {
  /** Returns the maximum number of label sets. A function, because a metric may get its registry later. */
  readonly budget: () => number;
  readonly create: (labelValues: readonly string[]) => S;
  /** Called before a label set is removed. */
  readonly removing: (series: LabelledSeries) => void;
  /** Called for each look-up that leads to the overflow series. */
  readonly overflowed: () => void;
}

/** The series of one metric. Nested maps need no combined key, which two label sets could share. */
export class LabelSets<S extends LabelledSeries> {
  readonly all: S[] = [];
  readonly #options: LabelSetsOptions<S>;
  #names: readonly string[];
  #root: Level<S> | undefined;
  #overflow: S | undefined;

  constructor(names: readonly string[], options: LabelSetsOptions<S>) {
    this.#names = names;
    this.#options = options;
  }

  /**
   * Returns the series of a label set, and creates it on first use.
   * @param labels values by name; missing ones are treated as empty
   * @returns undefined if the metric does not have one of the labels
   * @throws errors of converting a label value to text
   */
  resolve(labels: LabelObject): S | undefined {
    const names = this.#names;
    let level = this.#root;
    for (let index = 0; index < names.length && level !== undefined; index += 1) {
      const value: unknown = labels[names[index] as string];
      if (typeof value === 'string') level = (level as Map<string, Level<S>>).get(value);
      // If a label is missing, the number of given labels does not show whether all of them are known.
      else if (value === undefined || typeof value === 'function') return this.#resolveSlowly(labels);
      else level = (level as Map<string, Level<S>>).get(labelText(value));
    }
    let given = 0;
    for (const _ in labels) given += 1;
    if (level !== undefined && given === names.length) return level as S;
    return this.#resolveSlowly(labels);
  }

  /** Returns the series of values in the order of the label names. */
  resolveValues(values: readonly (LabelValue | null | undefined)[]): S {
    const texts = values.map(labelText);
    return this.#find(texts) ?? this.#add(texts);
  }

  /** Whether a series is one of these, and was not removed. */
  has(series: LabelledSeries): boolean {
    return this.#find(series.labelValues) === series;
  }

  /** Returns the first label that the metric does not have. */
  unknownLabel(labels: LabelObject): string | undefined {
    return Object.keys(labels).find((name) => !this.#names.includes(name));
  }

  /** Removes a label set and notifies the holders of its series. Values that other code records in the series are no longer exposed. */
  remove(values: readonly (LabelValue | null | undefined)[]): void {
    const texts = values.map(labelText);
    const series = this.#find(texts);
    if (series === undefined) return;
    this.#options.removing(series);
    if (series === this.#overflow) this.#overflow = undefined;
    this.all.splice(this.all.indexOf(series), 1);
    this.#root = remove(this.#root, texts, 0);
    forget(series);
  }

  clear(): void {
    for (const series of this.all) this.#options.removing(series);
    const forgotten = this.all.splice(0);
    this.#root = undefined;
    this.#overflow = undefined;
    for (const series of forgotten) forget(series);
  }

  /** Whether all of these label sets have or can have their own series within the limit. */
  hasRoomFor(labelSets: readonly LabelObject[]): boolean {
    const room = this.#options.budget() - this.#kept;
    if (room >= labelSets.length) return true;
    const further = labelSets.filter((labels) => this.#find(this.#names.map((name) => labelText(labels[name]))) === undefined);
    return further.length <= room;
  }

  /** Returns the overflow series, for a label set beyond the limit. */
  resolveOverflow(): S {
    this.#options.overflowed();
    return this.#overflowSeries();
  }

  /** Adds a label name, which is empty in existing series. */
  addName(name: string): void {
    this.#names = [...this.#names, name];
    this.#root = undefined;
    for (const series of this.all) {
      series.labelValues = [...series.labelValues, series === this.#overflow ? OVERFLOW_LABEL_VALUE : ''];
      series.exposedLabels = undefined;
      this.#root = insert(this.#root, series, 0);
    }
  }

  #resolveSlowly(labels: LabelObject): S | undefined {
    if (this.unknownLabel(labels) !== undefined) return undefined;
    return this.resolveValues(this.#names.map((name) => labels[name]));
  }

  /** The number of series that count for the limit. */
  get #kept(): number {
    return this.#overflow === undefined ? this.all.length : this.all.length - 1;
  }

  #find(texts: readonly string[]): S | undefined {
    let level = this.#root;
    for (const text of texts) {
      if (level === undefined) return undefined;
      level = (level as Map<string, Level<S>>).get(text);
    }
    return level as S | undefined;
  }

  #add(texts: readonly string[]): S {
    // A label set with these values is the overflow series, because two series with the same labels would break the scrape.
    if (texts.length > 0 && texts.every((text) => text === OVERFLOW_LABEL_VALUE)) return this.#overflowSeries();
    return this.#kept >= this.#options.budget() ? this.resolveOverflow() : this.#keep(texts.map(ownText));
  }

  #keep(texts: readonly string[]): S {
    const series = this.#options.create(texts);
    this.all.push(series);
    this.#root = insert(this.#root, series, 0);
    return series;
  }

  #overflowSeries(): S {
    this.#overflow ??= this.#keep(this.#names.map(() => OVERFLOW_LABEL_VALUE));
    return this.#overflow;
  }
}

/** Whether label values are those of the overflow series. */
export function isOverflow(labelValues: readonly string[]): boolean {
  return labelValues.length > 0 && labelValues.every((value) => value === OVERFLOW_LABEL_VALUE);
}

/** Returns the labels of a series as an object, without empty ones. */
export function labelsOf(names: readonly string[], series: LabelledSeries): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const [index, name] of names.entries()) {
    const value = series.labelValues[index];
    if (value !== undefined && value !== '') labels[name] = value;
  }
  return labels;
}

function insert<S extends LabelledSeries>(level: Level<S> | undefined, series: S, depth: number): Level<S> {
  if (depth === series.labelValues.length) return series;
  const map = (level as Map<string, Level<S>> | undefined) ?? new Map<string, Level<S>>();
  const value = series.labelValues[depth] as string;
  map.set(value, insert(map.get(value), series, depth + 1));
  return map;
}

function remove<S>(level: Level<S> | undefined, texts: readonly string[], depth: number): Level<S> | undefined {
  if (depth === texts.length) return undefined;
  const map = level as Map<string, Level<S>>;
  const value = texts[depth] as string;
  const rest = remove(map.get(value), texts, depth + 1);
  if (rest === undefined) map.delete(value);
  return map.size === 0 ? undefined : map;
}
