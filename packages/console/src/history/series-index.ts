/** The series that the history knows, each with a small integer. */
import type { LabelRecord, MetricFamily } from '@tsukimi/metrics';
import { type BucketScale, classicScale, FINE } from './bucket-counts.js';

/** A metric, with its series. */
export interface KnownFamily {
  readonly name: string;
  type: MetricFamily['type'];
  help: string;
  unit: string | undefined;
  /** Of state sets. */
  states: readonly string[];
  readonly series: Map<number, KnownSeries>;
}

export interface KnownSeries {
  readonly id: number;
  readonly family: KnownFamily;
  readonly labels: LabelRecord;
  readonly scale: BucketScale;
  /** Counters since the start; the count of histograms and summaries; the value of all others, NaN if it is gone. */
  value: number;
  /** The sum of histograms and summaries. */
  sum: number;
  /** Of summaries, as they report them. */
  quantiles: readonly { readonly quantile: number; readonly value: number }[];
  /** When it changed last, in seconds since 1970. */
  changedAt: number;
}

export class SeriesIndex {
  readonly families = new Map<string, KnownFamily>();
  readonly #byId: (KnownSeries | undefined)[] = [];
  readonly #free: number[] = [];
  /** A reader gives the same object for the same series, as long as it knows it. */
  readonly #byLabels = new WeakMap<LabelRecord, KnownSeries>();
  readonly #byKey = new Map<string, KnownSeries>();

  get size(): number {
    return this.#byKey.size;
  }

  get all(): Iterable<KnownSeries> {
    return this.#byKey.values();
  }

  of(id: number): KnownSeries | undefined {
    return this.#byId[id];
  }

  familyOf(read: MetricFamily): KnownFamily {
    let family = this.families.get(read.name);
    if (family === undefined || family.type !== read.type) {
      if (family !== undefined) for (const series of [...family.series.values()]) this.forget(series, false);
      family = { name: read.name, type: read.type, help: read.help, unit: read.unit, states: [], series: new Map() };
      this.families.set(read.name, family);
    }
    family.help = read.help;
    family.unit = read.unit;
    if (read.type === 'stateset') family.states = read.states;
    return family;
  }

  seriesOf(family: KnownFamily, labels: LabelRecord, read: MetricFamily): KnownSeries {
    const seen = this.#byLabels.get(labels);
    if (seen !== undefined && seen.family === family && this.#byId[seen.id] === seen) return seen;
    const key = keyOf(family.name, labels);
    const series = this.#byKey.get(key) ?? this.#add(key, { family, labels, read });
    this.#byLabels.set(labels, series);
    return series;
  }

  known(name: string, labels: LabelRecord): KnownSeries | undefined {
    return this.#byKey.get(keyOf(name, labels));
  }

  /** The history must have nothing of the series any more, if its number is to be used again. */
  forget(series: KnownSeries, isNumberFree = true): void {
    const { id, family, labels } = series;
    this.#byKey.delete(keyOf(family.name, labels));
    this.#byId[id] = undefined;
    if (isNumberFree) this.#free.push(id);
    family.series.delete(id);
    if (family.series.size === 0 && this.families.get(family.name) === family) this.families.delete(family.name);
  }

  #add(key: string, { family, labels, read }: { family: KnownFamily; labels: LabelRecord; read: MetricFamily }): KnownSeries {
    const id = this.#free.pop() ?? this.#byId.length;
    const isClassic = 'bounds' in read && read.points.some((point) => 'buckets' in point && point.fine === undefined);
    const scale = isClassic ? classicScale(read.bounds) : FINE;
    const series: KnownSeries = { id, family, labels, scale, value: 0, sum: 0, quantiles: [], changedAt: 0 };
    this.#byId[id] = series;
    this.#byKey.set(key, series);
    family.series.set(id, series);
    return series;
  }
}

/** Increases are added up when frames are joined; of all others, the last value counts. */
export function isIncrease(type: MetricFamily['type']): boolean {
  return type === 'counter';
}

function keyOf(name: string, labels: LabelRecord): string {
  const names = Object.keys(labels).sort();
  return JSON.stringify([name, ...names.map((label) => [label, labels[label]])]);
}
