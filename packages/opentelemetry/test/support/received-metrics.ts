/** Metrics that a receiver got, as tests want to see them. */
import { attributesOf, type MetricsRequest, type OtlpAttribute } from '../../../../test/support/otlp-receiver.js';

export interface ReceivedPoint {
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble?: number;
  readonly count?: string;
  readonly sum?: number;
  readonly bucketCounts?: readonly string[];
  readonly explicitBounds?: readonly number[];
  readonly scale?: number;
  readonly zeroCount?: string;
  readonly positive?: { readonly offset: number; readonly bucketCounts: readonly string[] };
  readonly quantileValues?: readonly { readonly quantile: number; readonly value: number }[];
  readonly exemplars?: readonly ReceivedExemplar[];
}

export interface ReceivedExemplar {
  readonly asDouble: number;
  readonly timeUnixNano: string;
  readonly traceId: Buffer;
  readonly spanId: Buffer;
  readonly filteredAttributes: readonly OtlpAttribute[];
}

export interface ReceivedMetric {
  readonly name: string;
  readonly description: string;
  readonly unit: string;
  readonly kind: 'gauge' | 'sum' | 'histogram' | 'exponentialHistogram' | 'summary';
  readonly temporality: 'delta' | 'cumulative' | undefined;
  readonly isMonotonic: boolean | undefined;
  readonly prometheusType: unknown;
  readonly points: readonly ReceivedPoint[];
}

const KINDS = ['gauge', 'sum', 'histogram', 'exponentialHistogram', 'summary'] as const;

interface Data {
  readonly dataPoints: readonly (Omit<ReceivedPoint, 'attributes'> & { readonly attributes: readonly OtlpAttribute[] })[];
  readonly aggregationTemporality?: number;
  readonly isMonotonic?: boolean;
}

/** Returns the metrics of a request, in their order. */
export function metricsOf({ resourceMetrics }: MetricsRequest): readonly ReceivedMetric[] {
  return resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics.flatMap(({ metrics }) => metrics.map(metricOf)));
}

/** Returns the metric of a name in a request. */
export function metricNamed(request: MetricsRequest | undefined, name: string): ReceivedMetric | undefined {
  return request === undefined ? undefined : metricsOf(request).find((each) => each.name === name);
}

function metricOf(metric: Readonly<Record<string, unknown>>): ReceivedMetric {
  const kind = KINDS.find((each) => metric[each] !== undefined && metric[each] !== null);
  if (kind === undefined) throw new Error(`${metric['name']} has no data`);
  const { dataPoints, aggregationTemporality, isMonotonic } = metric[kind] as Data;
  return {
    name: String(metric['name']),
    description: String(metric['description']),
    unit: String(metric['unit']),
    kind,
    temporality: ([undefined, 'delta', 'cumulative'] as const)[aggregationTemporality ?? 0],
    isMonotonic,
    prometheusType: attributesOf(metric['metadata'] as readonly OtlpAttribute[])['prometheus.type'],
    points: dataPoints.map((point) => ({ ...point, attributes: attributesOf(point.attributes) })),
  };
}
