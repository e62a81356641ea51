/** A metric's state as plain objects, as prom-client's exporters read it. */

export type InstrumentType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'info' | 'stateset';

/** The types that prom-client knows, to which the others are gauges. */
export type PromClientType = 'counter' | 'gauge' | 'histogram' | 'summary';

/** How the values of several processes become one; as in prom-client. */
export type Aggregator = 'sum' | 'first' | 'min' | 'max' | 'average' | 'omit';

/** One sample as prom-client's exporters read it. */
export interface Sample {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** Where the sample's name is not the metric's: `_bucket`, `_sum`, `_count`. */
  readonly metricName?: string;
  readonly exemplar?: { readonly labelSet: Readonly<Record<string, string>>; readonly value: number; readonly timestamp: number };
}

/** A metric's state as prom-client's `get()` gives it. */
export interface MetricObject {
  readonly name: string;
  readonly help: string;
  readonly type: PromClientType;
  readonly values: Sample[];
  readonly aggregator: Aggregator;
}
