/** The state of a metric as plain objects, for prom-client's exporters. */

export type InstrumentType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'info' | 'stateset';

/** The types that prom-client knows. Others are exported as gauges. */
export type PromClientType = 'counter' | 'gauge' | 'histogram' | 'summary';

/**
 * How the values of several processes are merged. The first six are those of prom-client; `last` is the value that was set last, and `worker` keeps one
 * series for each process, with the label `worker`.
 */
export type Aggregator = 'sum' | 'first' | 'min' | 'max' | 'average' | 'omit' | 'last' | 'worker';

/** Those that prom-client knows. */
export type PromClientAggregator = Exclude<Aggregator, 'last' | 'worker'>;

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
  readonly aggregator: PromClientAggregator;
}
