/** A registry as the place where instruments are made: asked for again, a metric is the one that exists. */
import type { Clock } from './clock.js';
import { type MetricError, nameTaken, shapeConflict } from './errors.js';
import { Counter, type CounterOptions } from './instruments/counter.js';
import { Gauge, type GaugeOptions } from './instruments/gauge.js';
import { Histogram, type HistogramOptions } from './instruments/histogram.js';
import type { InstrumentHost } from './instruments/hosts.js';
import { Info, type InfoOptions } from './instruments/info.js';
import { Instrument } from './instruments/instrument.js';
import { shapeOf } from './instruments/shape.js';
import { StateSet, type StateSetOptions } from './instruments/state-set.js';
import { Summary, type SummaryOptions } from './instruments/summary.js';
import { type Metric, type PromClientMetric, Registry } from './prom-client.js';

/** What an instrument needs to exist, beside the registry. */
type Unregistered<O> = Omit<O, 'registers'>;

/** What a registry holds: an instrument of ours, or a metric made with prom-client. */
export type Entry = Instrument | PromClientMetric;

/**
 * The half of `MetricsRegistry` that makes and holds metrics.
 *
 * It holds them in a map of its own: prom-client's is a plain object, on which a metric called `constructor` exists from the start.
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
   * The counter of this name, made on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_NAME_TAKEN,
   * TSK_ERR_METRIC_NAME_OVERLAP, TSK_ERR_METRIC_LABEL_NAME
   */
  counter<const L extends string = never>(options: Unregistered<CounterOptions<L>>): Counter<L> {
    return this.#getOrCreate(options.name, (registers) => new Counter<L>({ ...options, registers }));
  }

  /**
   * The gauge of this name, made on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_NAME_TAKEN,
   * TSK_ERR_METRIC_NAME_OVERLAP, TSK_ERR_METRIC_LABEL_NAME
   */
  gauge<const L extends string = never>(options: Unregistered<GaugeOptions<L>>): Gauge<L> {
    return this.#getOrCreate(options.name, (registers) => new Gauge<L>({ ...options, registers }));
  }

  /**
   * The histogram of this name, made on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, TSK_ERR_METRIC_NAME, TSK_ERR_METRIC_NAME_TAKEN,
   * TSK_ERR_METRIC_NAME_OVERLAP, TSK_ERR_METRIC_LABEL_NAME, TSK_ERR_METRIC_BUCKETS
   */
  histogram<const L extends string = never>(options: Unregistered<HistogramOptions<L>>): Histogram<L> {
    return this.#getOrCreate(options.name, (registers) => new Histogram<L>({ ...options, registers }));
  }

  /**
   * The summary of this name, made on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, and what `new Summary` throws
   */
  summary<const L extends string = never>(options: Unregistered<SummaryOptions<L>>): Summary<L> {
    return this.#getOrCreate(options.name, (registers) => new Summary<L>({ ...options, registers }));
  }

  /**
   * The info of this name, made on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, and what `new Info` throws
   */
  info<const L extends string = never>(options: Unregistered<InfoOptions<L>>): Info<L> {
    return this.#getOrCreate(options.name, (registers) => new Info<L>({ ...options, registers }));
  }

  /**
   * The state set of this name, made on first use.
   * @throws TSK_ERR_METRIC_SHAPE if the name exists with another shape, and what `new StateSet` throws
   */
  stateSet<const S extends string, const L extends string = never>(options: Unregistered<StateSetOptions<S, L>>): StateSet<S, L> {
    return this.#getOrCreate(options.name, (registers) => new StateSet<S, L>({ ...options, registers }));
  }

  #getOrCreate<I extends object>(name: string, create: (registers: readonly InstrumentHost[]) => I): I {
    const existing: unknown = this.getSingleMetric(name);
    if (existing === undefined) return create([this]);
    if (!(existing instanceof Instrument)) throw nameTaken(name);
    // What is asked for is made too, in no registry: it then has said itself what is wrong with it, and what its shape is.
    const asked = shapeOf(create([]) as unknown as Instrument);
    if (shapeOf(existing) !== asked) throw shapeConflict(name, shapeOf(existing), asked);
    return existing as unknown as I;
  }
}
