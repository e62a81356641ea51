/**
 * The field numbers of OTLP's messages.
 * @see https://github.com/open-telemetry/opentelemetry-proto/blob/main/opentelemetry/proto/metrics/v1/metrics.proto
 */

export const REQUEST = { resourceMetrics: 1 } as const;
export const RESOURCE_METRICS = { resource: 1, scopeMetrics: 2 } as const;
export const RESOURCE = { attributes: 1 } as const;
export const SCOPE_METRICS = { scope: 1, metrics: 2 } as const;
export const SCOPE = { name: 1, version: 2 } as const;
export const METRIC = {
  name: 1,
  description: 2,
  unit: 3,
  gauge: 5,
  sum: 7,
  histogram: 9,
  exponentialHistogram: 10,
  summary: 11,
  metadata: 12,
} as const;

/** Of all kinds of data: `Gauge`, `Sum`, `Histogram`, `ExponentialHistogram`, `Summary`. */
export const DATA = { points: 1, temporality: 2, isMonotonic: 3 } as const;

export const TEMPORALITY = { delta: 1, cumulative: 2 } as const;

export const NUMBER_POINT = { start: 2, time: 3, double: 4, exemplars: 5, attributes: 7 } as const;
export const HISTOGRAM_POINT = { start: 2, time: 3, count: 4, sum: 5, bucketCounts: 6, bounds: 7, exemplars: 8, attributes: 9 } as const;
export const EXPONENTIAL_POINT = {
  attributes: 1,
  start: 2,
  time: 3,
  count: 4,
  sum: 5,
  scale: 6,
  zeroCount: 7,
  positive: 8,
  exemplars: 11,
} as const;
export const BUCKETS = { offset: 1, counts: 2 } as const;
export const SUMMARY_POINT = { start: 2, time: 3, count: 4, sum: 5, quantiles: 6, attributes: 7 } as const;
export const QUANTILE = { quantile: 1, value: 2 } as const;
export const EXEMPLAR = { time: 2, double: 3, spanId: 4, traceId: 5, attributes: 7 } as const;

export const KEY_VALUE = { key: 1, value: 2 } as const;
export const ANY_VALUE = { text: 1, int: 3 } as const;
