/** Writes the points of families as OTLP's data points. */
import {
  type CounterPoint,
  type GaugePoint,
  type HistogramPoint,
  type InfoPoint,
  numberOf,
  type StateSetPoint,
  type SummaryPoint,
  type WrittenExemplar,
} from '@tsukimi/metrics';
import { type AttributeKeys, writeAttributes, writeExemplar } from './attributes.js';
import { exponentialBuckets } from './exponential-buckets.js';
import { BUCKETS, DATA, EXPONENTIAL_POINT, HISTOGRAM_POINT, NUMBER_POINT, QUANTILE, SUMMARY_POINT } from './fields.js';
import type { OtlpWriter } from './otlp-writer.js';

/** What the points of one family have in common. */
export interface PointContext {
  readonly out: OtlpWriter;
  readonly keys: AttributeKeys;
  /** When the values were read, in seconds since 1970. */
  readonly timeSeconds: number;
  /** Exemplars that were recorded before were sent before. */
  readonly exemplarsSinceSeconds: number;
}

/** A point, and since when it counts. */
export interface Started<P> {
  readonly point: P;
  /** In seconds since 1970. */
  readonly startSeconds: number;
}

interface NumberPoint {
  readonly labels: GaugePoint['labels'];
  readonly value: number;
  /** Undefined for gauges, which have no start. */
  readonly startSeconds?: number;
  readonly exemplar?: WrittenExemplar | undefined;
}

function writeNumber(context: PointContext, { labels, value, startSeconds, exemplar }: NumberPoint): void {
  const { out, keys, timeSeconds } = context;
  const start = out.begin(DATA.points);
  if (startSeconds !== undefined) out.nanoseconds(NUMBER_POINT.start, startSeconds);
  out.nanoseconds(NUMBER_POINT.time, timeSeconds);
  out.double(NUMBER_POINT.double, value);
  if (exemplar !== undefined) writeNew(context, NUMBER_POINT.exemplars, exemplar);
  writeAttributes(out, NUMBER_POINT.attributes, { labels, keys });
  out.end(start);
}

export function writeCounter(context: PointContext, { point: { labels, value, exemplar }, startSeconds }: Started<CounterPoint>): void {
  writeNumber(context, { labels, value, startSeconds, exemplar });
}

export function writeGauge(context: PointContext, { labels, value }: GaugePoint): void {
  writeNumber(context, { labels, value: numberOf(value) });
}

/** It counts 1, so that a sum over its labels is the number of what it describes. */
export function writeInfo(context: PointContext, { point: { labels }, startSeconds }: Started<InfoPoint>): void {
  writeNumber(context, { labels, value: 1, startSeconds });
}

/** A point for each state, with 1 for the current one. As in Prometheus, the attribute with the state has the name of the metric. */
export function writeStates(
  context: PointContext,
  { point, startSeconds }: Started<StateSetPoint>,
  { name, states }: { readonly name: string; readonly states: readonly string[] },
): void {
  for (const state of states)
    writeNumber(context, { labels: { ...point.labels, [name]: state }, value: point.active.includes(state) ? 1 : 0, startSeconds });
}

export function writeHistogram(context: PointContext, { point, startSeconds }: Started<HistogramPoint>, bounds: readonly number[]): void {
  const { out, keys, timeSeconds } = context;
  const start = out.begin(DATA.points);
  out.nanoseconds(HISTOGRAM_POINT.start, startSeconds);
  out.nanoseconds(HISTOGRAM_POINT.time, timeSeconds);
  out.fixed64(HISTOGRAM_POINT.count, point.count);
  out.double(HISTOGRAM_POINT.sum, point.sum);
  out.packedFixed64(HISTOGRAM_POINT.bucketCounts, point.buckets);
  out.packedDoubles(HISTOGRAM_POINT.bounds, bounds);
  writeExemplars(context, HISTOGRAM_POINT.exemplars, point);
  writeAttributes(out, HISTOGRAM_POINT.attributes, { labels: point.labels, keys });
  out.end(start);
}

/** @param point with fine buckets */
export function writeExponential(context: PointContext, { point, startSeconds }: Started<HistogramPoint>, maxBuckets: number): void {
  const { out, keys, timeSeconds } = context;
  const { fine } = point;
  if (fine === undefined) return;
  const { scale, offset, counts } = exponentialBuckets(fine, maxBuckets);
  const start = out.begin(DATA.points);
  writeAttributes(out, EXPONENTIAL_POINT.attributes, { labels: point.labels, keys });
  out.nanoseconds(EXPONENTIAL_POINT.start, startSeconds);
  out.nanoseconds(EXPONENTIAL_POINT.time, timeSeconds);
  out.fixed64(EXPONENTIAL_POINT.count, point.count);
  out.double(EXPONENTIAL_POINT.sum, point.sum);
  out.signed(EXPONENTIAL_POINT.scale, scale);
  out.fixed64(EXPONENTIAL_POINT.zeroCount, fine.zeros);
  if (counts.length > 0) {
    const buckets = out.begin(EXPONENTIAL_POINT.positive);
    out.signed(BUCKETS.offset, offset);
    out.packedUnsigned(BUCKETS.counts, counts);
    out.end(buckets);
  }
  writeExemplars(context, EXPONENTIAL_POINT.exemplars, point);
  out.end(start);
}

export function writeSummary({ out, keys, timeSeconds }: PointContext, { point, startSeconds }: Started<SummaryPoint>): void {
  const start = out.begin(DATA.points);
  out.nanoseconds(SUMMARY_POINT.start, startSeconds);
  out.nanoseconds(SUMMARY_POINT.time, timeSeconds);
  out.fixed64(SUMMARY_POINT.count, point.count);
  out.double(SUMMARY_POINT.sum, point.sum);
  for (const { quantile, value } of point.quantiles) {
    const at = out.begin(SUMMARY_POINT.quantiles);
    out.double(QUANTILE.quantile, quantile);
    out.double(QUANTILE.value, numberOf(value));
    out.end(at);
  }
  writeAttributes(out, SUMMARY_POINT.attributes, { labels: point.labels, keys });
  out.end(start);
}

function writeExemplars(context: PointContext, field: number, { exemplars }: HistogramPoint): void {
  for (const exemplar of exemplars ?? []) if (exemplar !== null) writeNew(context, field, exemplar);
}

function writeNew({ out, timeSeconds, exemplarsSinceSeconds }: PointContext, field: number, exemplar: WrittenExemplar): void {
  const { timestampSeconds } = exemplar;
  if (timestampSeconds !== undefined && timestampSeconds < exemplarsSinceSeconds) return;
  writeExemplar(out, field, { exemplar, timeSeconds });
}
