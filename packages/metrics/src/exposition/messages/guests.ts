/** Metrics of prom-client's as messages. */
import { labelText } from '../../label-text.js';
import type { PromClientFamily } from '../../prom-client.js';
import type { ProtobufWriter } from '../../wire/protobuf-writer.js';
import type { DefaultLabels } from '../default-labels.js';
import { checkCounts, type GuestParts, splitGuest } from '../guest-parts.js';
import type { GuestSample } from '../guest-samples.js';
import { HISTOGRAM, METRIC, TYPE } from './fields.js';
import { writeBucket, writeCounter, writeGauge, writeLabel, writeSummary } from './values.js';

/** Metrics of one name. */
export interface GuestFamily {
  readonly name: string;
  readonly type: number;
  readonly metrics: readonly GuestMetric[];
}

/** Writes what a metric consists of. */
export type GuestMetric = (out: ProtobufWriter) => void;

const TYPES: Readonly<Record<string, number>> = {
  counter: TYPE.counter,
  gauge: TYPE.gauge,
  histogram: TYPE.histogram,
  summary: TYPE.summary,
};
const COMPOSED = ['histogram', 'summary'];

/**
 * The families of a metric: one, and a further one for each name of samples that do not belong to it.
 * @throws TypeError where a sample can't be carried
 */
export function guestFamilies(guest: PromClientFamily, defaultLabels: DefaultLabels): GuestFamily[] {
  const { name, type: typeName, samples, parts, others } = splitGuest(guest, defaultLabels, COMPOSED);
  const type = Object.hasOwn(TYPES, typeName) ? (TYPES[typeName] as number) : TYPE.untyped;
  const composed = parts.map((own) => (type === TYPE.histogram ? histogramMetric(own) : summaryMetric(own)));
  const own = { name, type, metrics: [...samples.map((sample) => valueMetric(type, sample)), ...composed] };
  const further = [...others].map(([other, their]) => {
    return { name: other, type: TYPE.untyped, metrics: their.map((sample) => valueMetric(TYPE.untyped, sample)) };
  });
  return [own, ...further];
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

function histogramMetric({ labels, count, sum, buckets }: GuestParts): GuestMetric {
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

function summaryMetric({ labels, count, sum, quantiles }: GuestParts): GuestMetric {
  checkCounts([count]);
  return (out) => {
    writeLabels(out, labels);
    writeSummary(out, { count, sum, quantiles });
  };
}
