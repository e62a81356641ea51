/** The injectable class for an application's own metrics. */
import {
  type Counter,
  type CounterOptions,
  type Gauge,
  type GaugeOptions,
  type Histogram,
  type HistogramOptions,
  type Info,
  type InfoOptions,
  type LabelValue,
  type MetricsRegistry,
  type RecordedMetric,
  type StateSet,
  type StateSetOptions,
  type Summary,
  type SummaryOptions,
} from '@tsukimi/metrics';

/**
 * Creates and records the own metrics of an application. Inject it by its type: `constructor(private readonly instrumentation: InstrumentationProvider)`.
 *
 * With `instrumentation.enabled: false`, it still records metrics; with `metrics.enabled: false`, it accepts calls and records nothing.
 */
export class InstrumentationProvider {
  /** @param registry the registry of the metrics */
  constructor(readonly registry: MetricsRegistry) {}

  /**
   * Adds to a counter, which is created on first use and accepts any labels. Never throws: invalid values are rejected,
   * counted in `metrics_invalid_values_total` and logged once.
   * @param name letters, digits and underscores, ending in `_total`
   * @param value the amount to add, finite and not negative; 1 by default
   * @param labels the labels; use few values for each, because every combination is a series
   */
  recordMetric(name: string, value?: number, labels?: Readonly<Record<string, LabelValue>>): void;
  /**
   * Adds to a counter, with help, unit and an exemplar: `recordMetric('mails_sent_total', { help: 'Mails sent.', labels: { kind: 'order' } })`.
   * The first help and unit of a counter are kept.
   */
  recordMetric(name: string, recorded: RecordedMetric): void;
  recordMetric(name: string, value?: number | RecordedMetric, labels?: Readonly<Record<string, LabelValue>>): void {
    this.registry.recordMetric(name, value as number, labels);
  }

  /**
   * Returns the counter of this name, and creates it on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME
   */
  counter<const L extends string = never>(options: Omit<CounterOptions<L>, 'registers'>): Counter<L> {
    return this.registry.counter(options);
  }

  /**
   * Returns the gauge of this name, and creates it on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME
   */
  gauge<const L extends string = never>(options: Omit<GaugeOptions<L>, 'registers'>): Gauge<L> {
    return this.registry.gauge(options);
  }

  /**
   * Returns the histogram of this name, and creates it on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_BUCKETS
   */
  histogram<const L extends string = never>(options: Omit<HistogramOptions<L>, 'registers'>): Histogram<L> {
    return this.registry.histogram(options);
  }

  /**
   * Returns the summary of this name, and creates it on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_QUANTILES,
   * TSK_ERR_METRIC_WINDOW
   */
  summary<const L extends string = never>(options: Omit<SummaryOptions<L>, 'registers'>): Summary<L> {
    return this.registry.summary(options);
  }

  /**
   * Returns the info of this name, and creates it on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME
   */
  info<const L extends string = never>(options: Omit<InfoOptions<L>, 'registers'>): Info<L> {
    return this.registry.info(options);
  }

  /**
   * Returns the state set of this name, and creates it on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_STATES
   */
  stateSet<const S extends string, const L extends string = never>(options: Omit<StateSetOptions<S, L>, 'registers'>): StateSet<S, L> {
    return this.registry.stateSet(options);
  }
}
