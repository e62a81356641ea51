/** The part of a registry that creates instruments, and returns the existing one if a metric is requested again. */
import type { Clock } from './clock.js';
import { type MetricError, nameTaken, shapeConflict } from './errors.js';
import { Counter, type CounterOptions } from './instruments/counter.js';
import { Gauge, type GaugeOptions } from './instruments/gauge.js';
import { Histogram, type HistogramOptions, type HistogramSettings } from './instruments/histogram.js';
import type { InstrumentHost } from './instruments/hosts.js';
import { Info, type InfoOptions } from './instruments/info.js';
import { Instrument } from './instruments/instrument.js';
import { shapeOf } from './instruments/shape.js';
import { StateSet, type StateSetOptions } from './instruments/state-set.js';
import { Summary, type SummaryOptions } from './instruments/summary.js';
import { type Metric, type PromClientMetric, Registry } from './prom-client.js';

/** The options of an instrument without its registries. */
type Unregistered<O> = Omit<O, 'registers'>;

/** An entry of a registry: an instrument of ours, or a metric of prom-client. */
export type Entry = Instrument | PromClientMetric;

/**
 * The part of `MetricsRegistry` that creates and stores metrics.
 *
 * It stores them in its own map, because prom-client's is a plain object, on which the name `constructor` always exists.
 */
export abstract class InstrumentRegistry extends Registry implements InstrumentHost {
  protected readonly metricsByName = new Map<string, Entry>();
  abstract readonly clock: Clock;
  /** @internal */
  abstract readonly timerClock: Clock;
  abstract readonly maxSeriesPerMetric: number;
  /** @internal */
  abstract add(instrument: Instrument): void;
  /** @internal */
  abstract histogramSettings(name: string): HistogramSettings | undefined;
  /** @internal */
  abstract refused(metric: string, reason: MetricError['code'], error: () => MetricError): void;
  /** @internal */
  abstract overflowed(metric: string, error: () => MetricError): void;

  override getMetricsAsArray(): ReturnType<Registry['getMetricsAsArray']> {
    return [...this.metricsByName.values()] as unknown as ReturnType<Registry['getMetricsAsArray']>;
  }

  override getSingleMetric<T extends string>(name: string): Metric<T> | undefined {
    return this.metricsByName.get(name) as Metric<T> | undefined;
  }

  override removeSingleMetric(name: string): void {
    this.metricsByName.delete(name);
  }

  override clear(): void {
    this.metricsByName.clear();
  }

  /**
   * Returns the counter of this name, and creates it on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_NAME_TAKEN,
   * TSK_ERR_METRIC_NAME_OVERLAP, TSK_ERR_METRIC_LABEL_NAME
   */
  counter<const L extends string = never>(options: Unregistered<CounterOptions<L>>): Counter<L> {
    return this.#getOrCreate(options.name, (registers) => new Counter<L>({ ...options, registers }));
  }

  /**
   * Returns the gauge of this name, and creates it on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_NAME_TAKEN,
   * TSK_ERR_METRIC_NAME_OVERLAP, TSK_ERR_METRIC_LABEL_NAME
   */
  gauge<const L extends string = never>(options: Unregistered<GaugeOptions<L>>): Gauge<L> {
    return this.#getOrCreate(options.name, (registers) => new Gauge<L>({ ...options, registers }));
  }

  /**
   * Returns the histogram of this name, and creates it on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_NAME_TAKEN,
   * TSK_ERR_METRIC_NAME_OVERLAP, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_BUCKETS
   */
  histogram<const L extends string = never>(options: Unregistered<HistogramOptions<L>>): Histogram<L> {
    return this.#getOrCreate(
      options.name,
      (registers) => new Histogram<L>({ ...options, ...this.histogramSettings(options.name), registers }),
    );
  }

  /**
   * Returns the summary of this name, and creates it on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, and the errors of `new Summary`
   */
  summary<const L extends string = never>(options: Unregistered<SummaryOptions<L>>): Summary<L> {
    return this.#getOrCreate(options.name, (registers) => new Summary<L>({ ...options, registers }));
  }

  /**
   * Returns the info of this name, and creates it on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, and the errors of `new Info`
   */
  info<const L extends string = never>(options: Unregistered<InfoOptions<L>>): Info<L> {
    return this.#getOrCreate(options.name, (registers) => new Info<L>({ ...options, registers }));
  }

  /**
   * Returns the state set of this name, and creates it on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, and the errors of `new StateSet`
   */
  stateSet<const S extends string, const L extends string = never>(options: Unregistered<StateSetOptions<S, L>>): StateSet<S, L> {
    return this.#getOrCreate(options.name, (registers) => new StateSet<S, L>({ ...options, registers }));
  }

  #getOrCreate<I extends object>(name: string, create: (registers: readonly InstrumentHost[]) => I): I {
    const existing: unknown = this.getSingleMetric(name);
    if (existing === undefined) return create([this]);
    if (!(existing instanceof Instrument)) throw nameTaken(name);
    // Create the requested metric without a registry, so that its options are checked and its shape is known.
    const asked = shapeOf(create([]) as unknown as Instrument);
    if (shapeOf(existing) !== asked) throw shapeConflict(name, shapeOf(existing), asked);
    return existing as unknown as I;
  }
}
