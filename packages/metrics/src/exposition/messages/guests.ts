/** Metrics of prom-client's as messages: their samples, which come one by one, put together again. */
import { labelText } from '../../label-text.js';
import type { PromClientFamily } from '../../prom-client.js';
import type { DefaultLabels } from '../default-labels.js';
import { type GuestSample, guestSample } from '../guest-samples.js';
import { HISTOGRAM, METRIC, TYPE } from './fields.js';
import type { ProtobufWriter } from './protobuf-writer.js';
import { type BucketValue, writeBucket, writeCounter, writeGauge, writeLabel, writeSummary } from './values.js';

/** Metrics of one name. */
export interface GuestFamily {
  readonly name: string;
  readonly type: number;
  readonly metrics: readonly GuestMetric[];
}

/** Writes what a metric consists of. */
export type GuestMetric = (out: ProtobufWriter) => void;

/**
 * The families of a metric: one, and a further one for each name of samples that do not belong to it.
 * @throws TypeError where a sample can't be carried
 */
export function guestFamilies(guest: PromClientFamily, defaultLabels: DefaultLabels): GuestFamily[] {
  const { name, type } = guest;
  const samples = (guest.values ?? []).map((sample) => guestSample(name, sample, defaultLabels));
  const { own, others } = type === 'histogram' || type === 'summary' ? composedOf(name, type, samples) : valuesOf(name, type, samples);
  return [own, ...othersByName(others)];
}

interface Split {
  readonly own: GuestFamily;
  readonly others: readonly GuestSample[];
}

const SIMPLE_TYPES: Readonly<Record<string, number>> = { counter: TYPE.counter, gauge: TYPE.gauge };

/** Metrics of one value each. */
function valuesOf(name: string, typeName: string, samples: readonly GuestSample[]): Split {
  const type = Object.hasOwn(SIMPLE_TYPES, typeName) ? (SIMPLE_TYPES[typeName] as number) : TYPE.untyped;
  const metrics = samples.filter((sample) => sample.name === name).map((sample) => valueMetric(type, sample));
  return { own: { name, type, metrics }, others: samples.filter((sample) => sample.name !== name) };
}

function othersByName(samples: readonly GuestSample[]): GuestFamily[] {
  const families = new Map<string, GuestMetric[]>();
  for (const sample of samples) {
    const metrics = families.get(sample.name) ?? [];
    metrics.push(valueMetric(TYPE.untyped, sample));
    families.set(sample.name, metrics);
  }
  return [...families].map(([name, metrics]) => ({ name, type: TYPE.untyped, metrics }));
}

function valueMetric(type: number, { labels, value, exemplar }: GuestSample): GuestMetric {
  return (out) => {
    writeLabels(out, labels);
    if (type === TYPE.counter) writeCounter(out, { value, exemplar });
    else writeGauge(out, value, type === TYPE.gauge ? METRIC.gauge : METRIC.untyped);
  };
}

function writeLabels(out: ProtobufWriter, labels: GuestSample['labels']): void {
  for (const [name, value] of labels) {
    const text = labelText(value);
    if (text !== '') writeLabel(out, METRIC.label, [name, text]);
  }
}

/** What a histogram or summary has of one label set. */
interface Parts {
  readonly labels: GuestSample['labels'];
  count: number;
  sum: number;
  readonly buckets: BucketValue[];
  readonly quantiles: [quantile: number, value: number][];
}

/** Puts samples of a histogram or summary together by their labels. */
function composedOf(name: string, typeName: 'histogram' | 'summary', samples: readonly GuestSample[]): Split {
  const bound = typeName === 'histogram' ? 'le' : 'quantile';
  const parts = new Map<string, Parts>();
  const others: GuestSample[] = [];
  for (const sample of samples) {
    const labels = sample.labels.filter(([label]) => label !== bound);
    const key = JSON.stringify(labels.map(([label, value]) => [label, labelText(value)]).sort());
    const own = parts.get(key) ?? { labels, count: 0, sum: 0, buckets: [], quantiles: [] };
    if (added(own, sample, { name, bound })) parts.set(key, own);
    else others.push(sample);
  }
  const metrics = [...parts.values()].map((own) => (typeName === 'histogram' ? histogramMetric(own) : summaryMetric(own)));
  return { own: { name, type: TYPE[typeName], metrics }, others };
}

/** Adds a sample to what it is a part of; false if it is none. */
function added(parts: Parts, sample: GuestSample, { name, bound }: { readonly name: string; readonly bound: 'le' | 'quantile' }): boolean {
  const { value, exemplar } = sample;
  const given = sample.labels.find(([label]) => label === bound)?.[1];
  if (given === undefined) {
    if (sample.name === `${name}_count`) parts.count = value;
    else if (sample.name === `${name}_sum`) parts.sum = value;
    else return false;
    return true;
  }
  const limit = boundOf(given);
  if (limit === undefined) return false;
  if (bound === 'le' && sample.name === `${name}_bucket`) parts.buckets.push({ upperBound: limit, cumulativeCount: value, exemplar });
  else if (bound === 'quantile' && sample.name === name) parts.quantiles.push([limit, value]);
  else return false;
  return true;
}

function boundOf(given: unknown): number | undefined {
  const text = labelText(given).trim();
  if (text === '+Inf') return Number.POSITIVE_INFINITY;
  const bound = Number(text);
  return text === '' || Number.isNaN(bound) ? undefined : bound;
}

function histogramMetric({ labels, count, sum, buckets }: Parts): GuestMetric {
  const counts = [count, ...buckets.map(({ cumulativeCount }) => cumulativeCount)];
  checkCounts(counts);
  return (out) => {
    writeLabels(out, labels);
    const start = out.begin(METRIC.histogram);
    out.unsigned(HISTOGRAM.count, count);
    out.double(HISTOGRAM.sum, sum);
    for (const bucket of buckets) {
      // As in ours: Prometheus adds the bucket above all bounds by itself.
      if (bucket.upperBound < Number.POSITIVE_INFINITY || bucket.exemplar !== undefined) writeBucket(out, HISTOGRAM.bucket, bucket);
    }
    out.end(start);
  };
}

function summaryMetric({ labels, count, sum, quantiles }: Parts): GuestMetric {
  checkCounts([count]);
  return (out) => {
    writeLabels(out, labels);
    writeSummary(out, { count, sum, quantiles });
  };
}

/** The format has whole numbers there. */
function checkCounts(counts: readonly number[]): void {
  const broken = counts.find((count) => !Number.isSafeInteger(count) || count < 0);
  if (broken !== undefined) throw new TypeError(`a sample has the count ${broken}`);
}
