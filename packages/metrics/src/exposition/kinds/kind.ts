/** The interface of a kind of metric, for writing, snapshots and merging. The table of all kinds is in `kind-table.ts`. */
import type { Counter, CounterOptions } from '../../instruments/counter.js';
import type { Gauge, GaugeOptions } from '../../instruments/gauge.js';
import type { Histogram, HistogramOptions } from '../../instruments/histogram.js';
import type { InstrumentHost } from '../../instruments/hosts.js';
import type { Info, InfoOptions } from '../../instruments/info.js';
import type { Instrument, Series } from '../../instruments/instrument.js';
import type { InstrumentType } from '../../instruments/metric-object.js';
import type { StateSet, StateSetOptions } from '../../instruments/state-set.js';
import type { Summary, SummaryOptions } from '../../instruments/summary.js';
import type { MetricFamily, MetricPoint, Unlabelled } from '../../metric-family.js';
import type { ByteWriter } from '../../wire/byte-writer.js';
import type { FamilyMessage } from '../messages/family-message.js';
import type { FamilyDialect } from '../text-dialect.js';

/** Writes the lines of one series. `labels` contains its own and the default labels, without braces. */
export type LinesWriter<S extends Series = Series> = (series: S, labels: string, out: ByteWriter) => void;

/** Writes one series as a metric of its family's message, or as several. */
export type MessageWriter<S extends Series = Series> = (series: S) => void;

/** The common part of the snapshots of all kinds. */
export interface MetricState {
  readonly name: string;
  readonly help: string;
  readonly type: InstrumentType;
  readonly labelNames: readonly string[];
  /** The unit, if it was set explicitly. */
  readonly unit?: string;
  /** `labels` are values in the order of `labelNames`. */
  readonly series: readonly { readonly labels: readonly string[] }[];
}

/** An unchecked snapshot, from another process, another version, or a file. */
export type Unchecked<T> = { readonly [K in T extends unknown ? keyof T : never]?: unknown };

/** A metric's state, and the instrument that it is merged into. */
export interface Merge<I, M> {
  readonly metric: M;
  readonly instrument: I;
  /** Whether the instrument was created for this merge, and therefore has no values of its own. */
  readonly isNew: boolean;
  /** Orders the label values of the state like those of the instrument. */
  readonly valuesOf: (labels: readonly string[]) => string[];
}

type Unregistered<O> = Omit<O, 'registers'>;

/** Creates instruments, or returns existing ones. */
export interface InstrumentFactory extends InstrumentHost {
  getSingleMetric(name: string): unknown;
  counter(options: Unregistered<CounterOptions<string>>): Counter<string>;
  gauge(options: Unregistered<GaugeOptions<string>>): Gauge<string>;
  histogram(options: Unregistered<HistogramOptions<string>>): Histogram<string>;
  summary(options: Unregistered<SummaryOptions<string>>): Summary<string>;
  info(options: Unregistered<InfoOptions<string>>): Info<string>;
  stateSet(options: Unregistered<StateSetOptions<string, string>>): StateSet<string, string>;
}

/** What is common to all points of a family, before its name, help and unit. */
export type FamilyShape = MetricFamily extends infer F
  ? F extends MetricFamily
    ? Omit<F, 'name' | 'help' | 'unit' | 'points' | 'removed'>
    : never
  : never;

/** A kind: how its metrics are written, read, converted to JSON, checked and merged. */
export interface Kind<I, S extends Series, M extends MetricState> {
  /** Its name in the text format 0.0.4, which does not know all kinds. */
  readonly textType: 'counter' | 'gauge' | 'histogram' | 'summary';
  lines(instrument: I, dialect: FamilyDialect): LinesWriter<S>;
  messages(instrument: I, family: FamilyMessage): MessageWriter<S>;
  /** Returns what is common to all points of its family. */
  shape(instrument: I): FamilyShape;
  /** Returns the state of one series, in values that do not change later. */
  point(series: S, instrument: I): Unlabelled<MetricPoint>;
  /** Returns a value that differs if the series has changed, as far as it was not reset. Cheaper than its point. */
  mark(series: S): unknown;
  snapshot(instrument: I, head: Omit<MetricState, 'type' | 'series'>): M;
  /**
   * Returns a check for each series.
   * @throws TSK_ERR_METRIC_SNAPSHOT if the metric itself is broken
   */
  check(name: string, metric: Unchecked<M>): (series: Unchecked<M['series'][number]>) => boolean;
  /** Returns the instrument for a state, and creates it if it does not exist; undefined if the state should not be merged. */
  instrumentFor(factory: InstrumentFactory, metric: M): I | undefined;
  add(merge: Merge<I, M>): void;
}

/** A kind in the table, without its type parameters. */
export type AnyKind = Kind<Instrument, Series, MetricState>;
