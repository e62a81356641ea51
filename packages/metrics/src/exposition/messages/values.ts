/** The parts of a metric that are written alike for our metrics and for prom-client's. */
import type { WrittenExemplar } from '../../exemplar.js';
import type { ProtobufWriter } from '../../wire/protobuf-writer.js';
import { BUCKET, COUNTER, EXEMPLAR, GAUGE, LABEL, METRIC, QUANTILE, SUMMARY, TIMESTAMP } from './fields.js';

export interface CounterValue {
  readonly value: number;
  readonly exemplar?: WrittenExemplar | undefined;
  readonly createdSeconds?: number | undefined;
}

export interface SummaryValue {
  readonly count: number;
  readonly sum: number;
  /** Pairs of a quantile and its value. */
  readonly quantiles: Iterable<readonly [quantile: number, value: number]>;
  readonly createdSeconds?: number | undefined;
}

export interface BucketValue {
  readonly cumulativeCount: number;
  readonly upperBound: number;
  readonly exemplar?: WrittenExemplar | undefined;
}

/** @param field where it stands: labels of a metric and of an exemplar have the same number */
export function writeLabel(out: ProtobufWriter, field: number, [name, value]: readonly [name: string, value: string]): void {
  const start = out.begin(field);
  out.string(LABEL.name, name);
  out.string(LABEL.value, value);
  out.end(start);
}

export function writeCounter(out: ProtobufWriter, { value, exemplar, createdSeconds }: CounterValue): void {
  const start = out.begin(METRIC.counter);
  out.double(COUNTER.value, value);
  if (exemplar !== undefined) writeExemplar(out, COUNTER.exemplar, exemplar);
  if (createdSeconds !== undefined) writeTimestamp(out, COUNTER.created, createdSeconds);
  out.end(start);
}

/** A gauge, or a value without a type, which is the same in another field. */
export function writeGauge(out: ProtobufWriter, value: number, field: typeof METRIC.gauge | typeof METRIC.untyped = METRIC.gauge): void {
  const start = out.begin(field);
  out.double(GAUGE.value, value);
  out.end(start);
}

export function writeSummary(out: ProtobufWriter, { count, sum, quantiles, createdSeconds }: SummaryValue): void {
  const start = out.begin(METRIC.summary);
  out.unsigned(SUMMARY.count, count);
  out.double(SUMMARY.sum, sum);
  for (const [quantile, value] of quantiles) {
    const part = out.begin(SUMMARY.quantile);
    out.double(QUANTILE.quantile, quantile);
    out.double(QUANTILE.value, value);
    out.end(part);
  }
  if (createdSeconds !== undefined) writeTimestamp(out, SUMMARY.created, createdSeconds);
  out.end(start);
}

export function writeBucket(out: ProtobufWriter, field: number, { cumulativeCount, upperBound, exemplar }: BucketValue): void {
  const start = out.begin(field);
  out.unsigned(BUCKET.cumulativeCount, cumulativeCount);
  out.double(BUCKET.upperBound, upperBound);
  if (exemplar !== undefined) writeExemplar(out, BUCKET.exemplar, exemplar);
  out.end(start);
}

export function writeExemplar(out: ProtobufWriter, field: number, { labels, value, timestampSeconds }: WrittenExemplar): void {
  const start = out.begin(field);
  for (const label of Object.entries(labels)) writeLabel(out, EXEMPLAR.label, label);
  out.double(EXEMPLAR.value, value);
  if (timestampSeconds !== undefined) writeTimestamp(out, EXEMPLAR.timestamp, timestampSeconds);
  out.end(start);
}

const NANOS_PER_SECOND = 1e9;

export function writeTimestamp(out: ProtobufWriter, field: number, seconds: number): void {
  const whole = Math.floor(seconds);
  const nanos = Math.round((seconds - whole) * NANOS_PER_SECOND);
  const isRoundedUp = nanos === NANOS_PER_SECOND;
  const start = out.begin(field);
  out.unsigned(TIMESTAMP.seconds, isRoundedUp ? whole + 1 : whole);
  out.unsigned(TIMESTAMP.nanos, isRoundedUp ? 0 : nanos);
  out.end(start);
}
