/** The state of a metric as plain objects, for prom-client's exporters. */

export type InstrumentType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'info' | 'stateset';

/** The types that prom-client knows. Others are exported as gauges. */
export type PromClientType = 'counter' | 'gauge' | 'histogram' | 'summary';

/** How the values of several processes are merged; as in prom-client. */
export type Aggregator = 'sum' | 'first' | 'min' | 'max' | 'average' | 'omit';

/** One sample, for prom-client's exporters. */
export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** The name of the sample, if it differs from the metric's: `_bucket`, `_sum`, `_count`. */
  readonly metricName?: string;
  readonly exemplar?: { readonly labelSet: Readonly<Record<string, string>>; readonly value: number; readonly timestamp: number };
}

/** The state of a metric, as prom-client's `get()` returns it. */
export interface MetricObject {
  readonly name: string;
  readonly help: string;
  readonly type: PromClientType;
  readonly values: Sample[];
  readonly aggregator: Aggregator;
}
