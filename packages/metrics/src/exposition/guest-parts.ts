/** The samples of prom-client's metrics, which come one by one, put together again. */
import type { WrittenExemplar } from '../exemplar.js';
import { labelText } from '../label-text.js';
import type { PromClientFamily } from '../prom-client.js';
import type { DefaultLabels } from './default-labels.js';
import { type GuestSample, guestSample } from './guest-samples.js';

/** A bucket with all values up to its bound. */
export interface GuestBucket {
  readonly upperBound: number;
  readonly cumulativeCount: number;
  readonly exemplar: WrittenExemplar | undefined;
}

/** What a histogram or summary has of one label set. */
export interface GuestParts {
  readonly labels: GuestSample['labels'];
  count: number;
  sum: number;
  readonly buckets: GuestBucket[];
  readonly quantiles: [quantile: number, value: number][];
}

/** A metric of prom-client's, and the samples that do not belong to it. */
export interface SplitGuest {
  readonly name: string;
  readonly type: string;
  /** The samples of a metric with one value for each label set. */
  readonly samples: readonly GuestSample[];
  /** The parts of a metric with several values for each label set. */
  readonly parts: readonly GuestParts[];
  /** By their names. */
  readonly others: ReadonlyMap<string, readonly GuestSample[]>;
}

/** What the samples of a metric with several values for each label set are called. */
interface Composition {
  readonly bound: 'le' | 'quantile';
  readonly bucket: string;
  readonly count: string;
  readonly sum: string;
}

const COMPOSITIONS: Readonly<Record<string, Composition>> = {
  histogram: { bound: 'le', bucket: '_bucket', count: '_count', sum: '_sum' },
  gaugehistogram: { bound: 'le', bucket: '_bucket', count: '_gcount', sum: '_gsum' },
  summary: { bound: 'quantile', bucket: '', count: '_count', sum: '_sum' },
};

/**
 * @param composed the types whose samples are put together: `histogram`, `gaugehistogram` and `summary`
 * @throws TypeError where a sample can't be carried
 */
export function splitGuest(guest: PromClientFamily, defaultLabels: DefaultLabels, composed: readonly string[]): SplitGuest {
  const { name, type } = guest;
  const samples = (guest.values ?? []).map((sample) => guestSample(name, sample, defaultLabels));
  const composition = composed.includes(type) ? COMPOSITIONS[type] : undefined;
  if (composition !== undefined) return { name, type, samples: [], ...composedOf(name, composition, samples) };
  const others = samples.filter((sample) => sample.name !== name);
  return { name, type, samples: samples.filter((sample) => sample.name === name), parts: [], others: byName(others) };
}

/** Returns a key that is equal for equal labels, in any order. */
export function labelsKey(labels: GuestSample['labels']): string {
  return JSON.stringify(labels.map(([label, value]) => [label, labelText(value)]).sort());
}

/** Puts samples of a histogram or summary together by their labels. */
function composedOf(name: string, composition: Composition, samples: readonly GuestSample[]): Pick<SplitGuest, 'parts' | 'others'> {
  const parts = new Map<string, GuestParts>();
  const others: GuestSample[] = [];
  for (const sample of samples) {
    const labels = sample.labels.filter(([label]) => label !== composition.bound);
    const key = labelsKey(labels);
    const own = parts.get(key) ?? { labels, count: 0, sum: 0, buckets: [], quantiles: [] };
    if (added(own, { ...sample, name: sample.name.startsWith(name) ? sample.name.slice(name.length) : ' ' }, composition))
      parts.set(key, own);
    else others.push(sample);
  }
  return { parts: [...parts.values()], others: byName(others) };
}

function byName(samples: readonly GuestSample[]): Map<string, GuestSample[]> {
  const others = new Map<string, GuestSample[]>();
  for (const sample of samples) others.set(sample.name, [...(others.get(sample.name) ?? []), sample]);
  return others;
}

/**
 * Adds a sample to what it is a part of; false if it is none.
 * @param sample its name is what follows the name of the metric
 */
function added(parts: GuestParts, sample: GuestSample, { bound, bucket, count, sum }: Composition): boolean {
  const { name, value, exemplar } = sample;
  const given = sample.labels.find(([label]) => label === bound)?.[1];
  if (given === undefined) {
    if (name === count) parts.count = value;
    else if (name === sum) parts.sum = value;
    else return false;
    return true;
  }
  const limit = boundOf(given);
  if (limit === undefined || name !== bucket) return false;
  if (bound === 'le') parts.buckets.push({ upperBound: limit, cumulativeCount: value, exemplar });
  else parts.quantiles.push([limit, value]);
  return true;
}

function boundOf(given: unknown): number | undefined {
  const text = labelText(given).trim();
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  const bound = Number(text);
  return text === '' || Number.isNaN(bound) ? undefined : bound;
}

/** @throws TypeError where a count is none */
export function checkCounts(counts: readonly number[]): void {
  const broken = counts.find((count) => !Number.isSafeInteger(count) || count < 0);
  if (broken !== undefined) throw new TypeError(`a sample has the count ${broken}`);
}
