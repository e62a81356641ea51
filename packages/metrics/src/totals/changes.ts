/** What one process sends to those who keep the totals: everything that has changed in its registry since the last time. */
import type { Exemplar } from '../exemplar.js';
import type { DefaultLabels } from '../exposition/default-labels.js';
import type { Aggregator, InstrumentType } from '../instruments/metric-object.js';

/** The layout of the messages. Processes of different versions of this package may meet while workers are restarted one by one. */
export const CHANGES_VERSION = 1;

/** The changes of a registry since the message before. It can be sent by `postMessage`, `process.send` with advanced serialization, and `v8.serialize`. */
export interface RegistryChanges {
  readonly version: number;
  /** Counts the messages of a process, from 1. */
  readonly sequence: number;
  /** Missing if they have not changed. */
  readonly defaultLabels?: DefaultLabels | undefined;
  readonly families: readonly ChangedFamily[];
}

/** The changes of one metric. */
export interface ChangedFamily {
  /** Identifies it in later messages. */
  readonly id: number;
  /** Missing if it was sent before and has not changed. */
  readonly definition?: FamilyDefinition | undefined;
  /** Label sets that were not sent before. */
  readonly series: readonly SeriesDefinition[];
  /**
   * One number after the other: a label set's id, and what has changed in it, whose layout depends on the kind. Most of a message is in here, because
   * copying it costs nearly nothing.
   */
  readonly values: Float64Array;
  readonly exemplars: readonly (readonly [series: number, bucket: number, exemplar: Exemplar])[];
  /** The ids of label sets with a current value that are gone. */
  readonly removed: readonly number[];
}

/** A label set: its values in the order of the family's label names. */
export type SeriesDefinition = readonly [id: number, createdSeconds: number, labels: readonly string[]];

/** What is known of a metric apart from its values. */
export interface FamilyDefinition {
  readonly name: string;
  readonly help: string;
  readonly unit?: string | undefined;
  readonly type: InstrumentType;
  readonly labelNames: readonly string[];
  /** Of gauges: how the values of several processes are merged. */
  readonly aggregator?: Aggregator | undefined;
  /** Of histograms. */
  readonly bounds?: readonly number[] | undefined;
  readonly native?: boolean | undefined;
  readonly maxNativeBuckets?: number | undefined;
  /** Of summaries. */
  readonly quantiles?: readonly number[] | undefined;
  readonly maxAgeSeconds?: number | undefined;
  readonly ageBuckets?: number | undefined;
  /** Of state sets. */
  readonly states?: readonly string[] | undefined;
}

/** The changes of a family that are being collected. */
export class OpenFamily {
  definition: FamilyDefinition | undefined;
  readonly values = new NumberWriter();
  series: SeriesDefinition[] = [];
  exemplars: [series: number, bucket: number, exemplar: Exemplar][] = [];
  removed: number[] = [];

  constructor(readonly id: number) {}

  /** Returns the changes, and begins again; undefined if there are none. */
  take(): ChangedFamily | undefined {
    const { id, definition, series, exemplars, removed } = this;
    if (definition === undefined && series.length + this.values.length + exemplars.length + removed.length === 0) return undefined;
    this.definition = undefined;
    if (series.length > 0) this.series = [];
    if (exemplars.length > 0) this.exemplars = [];
    if (removed.length > 0) this.removed = [];
    return { id, ...(definition !== undefined && { definition }), series, values: this.values.take(), exemplars, removed };
  }
}

/**
 * Takes the numbers of a changed family one after the other. It keeps its memory for the next ones: an idle process has a young generation of
 * less than 1 MB, and each time that it is full, the garbage collector takes longer than the reading.
 */
export class NumberWriter {
  #numbers = new Float64Array(16);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(number: number): void {
    if (this.#length === this.#numbers.length) this.#grow();
    this.#numbers[this.#length] = number;
    this.#length += 1;
  }

  /** Overwrites a number. */
  set(position: number, number: number): void {
    this.#numbers[position] = number;
  }

  /** Returns a copy of all numbers, and begins again. */
  take(): Float64Array {
    const all = this.#numbers.slice(0, this.#length);
    this.#length = 0;
    return all;
  }

  #grow(): void {
    const longer = new Float64Array(2 * this.#numbers.length);
    longer.set(this.#numbers);
    this.#numbers = longer;
  }
}

/** Reads the numbers of a changed family one after the other. */
export class Numbers {
  #at = 0;

  constructor(private readonly values: Float64Array) {}

  get isAtEnd(): boolean {
    return this.#at >= this.values.length;
  }

  next(): number {
    const value = this.values[this.#at];
    this.#at += 1;
    if (value === undefined) throw new RangeError('a number is missing');
    return value;
  }

  /** Reads as many numbers as the first one says. */
  list(): number[] {
    const length = this.next();
    if (!(length >= 0 && this.#at + length <= this.values.length)) throw new RangeError('numbers are missing');
    const list = [...this.values.subarray(this.#at, this.#at + length)];
    this.#at += length;
    return list;
  }
}
