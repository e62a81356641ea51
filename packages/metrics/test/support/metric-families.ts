/** Reads Prometheus's protobuf format with a library, by the schema of Prometheus's client model. */
import protobuf from 'protobufjs';

/** @see https://github.com/prometheus/client_model/blob/master/io/prometheus/client/metrics.proto */
const SCHEMA = `
syntax = "proto2";
package io.prometheus.client;
message Timestamp { optional int64 seconds = 1; optional int32 nanos = 2; }
message LabelPair { optional string name = 1; optional string value = 2; }
enum MetricType { COUNTER = 0; GAUGE = 1; SUMMARY = 2; UNTYPED = 3; HISTOGRAM = 4; GAUGE_HISTOGRAM = 5; }
message Gauge { optional double value = 1; }
message Counter { optional double value = 1; optional Exemplar exemplar = 2; optional Timestamp created_timestamp = 3; }
message Quantile { optional double quantile = 1; optional double value = 2; }
message Summary { optional uint64 sample_count = 1; optional double sample_sum = 2; repeated Quantile quantile = 3; optional Timestamp created_timestamp = 4; }
message Untyped { optional double value = 1; }
message Histogram {
  optional uint64 sample_count = 1; optional double sample_count_float = 4; optional double sample_sum = 2; repeated Bucket bucket = 3;
  optional Timestamp created_timestamp = 15; optional sint32 schema = 5; optional double zero_threshold = 6; optional uint64 zero_count = 7;
  optional double zero_count_float = 8; repeated BucketSpan negative_span = 9; repeated sint64 negative_delta = 10; repeated double negative_count = 11;
  repeated BucketSpan positive_span = 12; repeated sint64 positive_delta = 13; repeated double positive_count = 14; repeated Exemplar exemplars = 16;
}
message Bucket { optional uint64 cumulative_count = 1; optional double cumulative_count_float = 4; optional double upper_bound = 2; optional Exemplar exemplar = 3; }
message BucketSpan { optional sint32 offset = 1; optional uint32 length = 2; }
message Exemplar { repeated LabelPair label = 1; optional double value = 2; optional Timestamp timestamp = 3; }
message Metric {
  repeated LabelPair label = 1; optional Gauge gauge = 2; optional Counter counter = 3; optional Summary summary = 4; optional Untyped untyped = 5;
  optional Histogram histogram = 7; optional int64 timestamp_ms = 6;
}
message MetricFamily { optional string name = 1; optional string help = 2; optional MetricType type = 3; repeated Metric metric = 4; optional string unit = 5; }
`;

const { root } = protobuf.parse(SCHEMA, { keepCase: true });
const FAMILY = root.lookupType('io.prometheus.client.MetricFamily');

interface Labelled {
  readonly label?: readonly { readonly name: string; readonly value: string }[];
}

interface Timestamp {
  readonly seconds: number;
  readonly nanos: number;
}

export interface DecodedExemplar extends Labelled {
  readonly value: number;
  readonly timestamp?: Timestamp;
}

export interface DecodedHistogram {
  readonly sample_count: number;
  readonly sample_sum: number;
  readonly bucket?: readonly { readonly cumulative_count: number; readonly upper_bound: number; readonly exemplar?: DecodedExemplar }[];
  readonly schema?: number;
  readonly zero_threshold?: number;
  readonly zero_count?: number;
  readonly positive_span?: readonly { readonly offset: number; readonly length: number }[];
  readonly positive_delta?: readonly number[];
  readonly created_timestamp?: Timestamp;
}

export interface DecodedMetric extends Labelled {
  readonly gauge?: { readonly value: number };
  readonly untyped?: { readonly value: number };
  readonly counter?: { readonly value: number; readonly exemplar?: DecodedExemplar; readonly created_timestamp?: Timestamp };
  readonly summary?: {
    readonly sample_count: number;
    readonly sample_sum: number;
    readonly quantile?: readonly { readonly quantile: number; readonly value: number }[];
    readonly created_timestamp?: Timestamp;
  };
  readonly histogram?: DecodedHistogram;
}

export interface DecodedFamily {
  readonly name: string;
  readonly help: string;
  readonly type: string;
  readonly unit?: string;
  readonly metric: readonly DecodedMetric[];
}

/** The families of a scrape, each with its length in front. Throws where a byte is left over. */
export function decodedFamilies(bytes: Uint8Array): DecodedFamily[] {
  const reader = protobuf.Reader.create(bytes);
  const families: DecodedFamily[] = [];
  while (reader.pos < reader.len) {
    const message = FAMILY.decodeDelimited(reader);
    families.push(FAMILY.toObject(message, { enums: String, longs: Number }) as DecodedFamily);
  }
  return families;
}

/** Values by the native buckets they lie in, by index. */
export function nativeCounts({ positive_span: spans = [], positive_delta: deltas = [] }: DecodedHistogram): Map<number, number> {
  const counts = new Map<number, number>();
  let index = 0;
  let at = 0;
  let count = 0;
  for (const { offset, length } of spans) {
    index += offset;
    for (let inSpan = 0; inSpan < length; inSpan += 1) {
      count += deltas[at] as number;
      at += 1;
      if (count !== 0) counts.set(index, count);
      index += 1;
    }
  }
  if (at !== deltas.length) throw new Error(`${deltas.length} deltas for ${at} buckets`);
  return counts;
}

/** A scrape's samples as the text format names them: `x_bucket{le="1",path="/"} 3`, each with the labels in order. */
export function samplesOf(families: readonly DecodedFamily[]): string[] {
  return families.flatMap(({ name, metric }) => metric.flatMap((each) => samplesOfMetric(name, each)));
}

function samplesOfMetric(name: string, { label = [], counter, gauge, untyped, summary, histogram }: DecodedMetric): string[] {
  const own = Object.fromEntries(label.map((pair) => [pair.name, pair.value]));
  const single = counter ?? gauge ?? untyped;
  if (single !== undefined) return [sampleText(name, own, single.value)];
  if (summary !== undefined) {
    const quantiles = (summary.quantile ?? []).map(({ quantile, value }) =>
      sampleText(name, { ...own, quantile: String(quantile) }, value),
    );
    return [...quantiles, sampleText(`${name}_sum`, own, summary.sample_sum), sampleText(`${name}_count`, own, summary.sample_count)];
  }
  if (histogram === undefined) throw new Error(`a metric of ${name} has no value`);
  const buckets = (histogram.bucket ?? []).filter(({ upper_bound }) => upper_bound !== Number.POSITIVE_INFINITY);
  return [
    ...buckets.map(({ upper_bound, cumulative_count }) =>
      sampleText(`${name}_bucket`, { ...own, le: String(upper_bound) }, cumulative_count),
    ),
    sampleText(`${name}_bucket`, { ...own, le: '+Inf' }, histogram.sample_count),
    sampleText(`${name}_sum`, own, histogram.sample_sum),
    sampleText(`${name}_count`, own, histogram.sample_count),
  ];
}

/** A sample, whichever format it comes from. */
export function sampleText(name: string, labels: Readonly<Record<string, string>>, value: number): string {
  return `${name}${JSON.stringify(Object.entries(labels).sort())} ${value}`;
}
