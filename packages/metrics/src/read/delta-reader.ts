/** Reads what has changed in a registry since the last read. */
import { wallClockSeconds } from '../clock.js';
import { labelsKey } from '../exposition/guest-parts.js';
import type { LeaveOut } from '../exposition/read-metric.js';
import { Slices } from '../exposition/slices.js';
import type { HistogramSeries } from '../instruments/histogram.js';
import { Instrument, type Series, type SeriesWatcher } from '../instruments/instrument.js';
import type { LabelRecord, MetricFamily, MetricPoint, Unlabelled } from '../metric-family.js';
import type { FamilySource, Item } from './family-source.js';
import { frozen } from './frozen.js';
import { HistogramTotals } from './histogram-increases.js';
import { increaseOf, isCumulative } from './increases.js';
import { familyKey, PendingFamilies } from './pending-families.js';
import { forEachInSlices } from './read-families.js';
import type { ReadableRegistry, RegistryWatcher } from './readable-registry.js';

/**
 * What changed between two reads, as frozen plain JSON, so that it can be kept and sent again.
 *
 * The values of counters, histograms and summaries are increases: the sum of all deltas is what was recorded, also across `reset()` and removed
 * series. Points of all other kinds have their current values, if these have changed.
 */
export interface MetricsDelta {
  /** The time of the read before, or of the creation of the reader, in seconds since 1970. */
  readonly startSeconds: number;
  /** The time of this read, in seconds since 1970. */
  readonly endSeconds: number;
  /** Families that have not changed are left out. */
  readonly families: readonly MetricFamily[];
}

/** Options of a `DeltaReader`. */
export interface DeltaReaderOptions {
  /**
   * Whether each delta has all gauges, infos and state sets, or those that have changed. All of them are for receivers that let values expire.
   * @default 'changed'
   */
  readonly gauges?: 'changed' | 'all' | undefined;
}

/** The state of a label set at the last read. */
interface Baseline {
  labels: LabelRecord;
  mark: unknown;
  /** The sum of the deltas; undefined if it starts from 0, and for current values. */
  sum: Unlabelled<MetricPoint> | HistogramTotals | undefined;
  /** What its labels were made of. */
  labelling: FamilySource['labelsOf'];
}

/** A family as it was last read. */
interface ReadFamily {
  source: FamilySource;
  readonly baselines: Map<unknown, Baseline>;
}

/** The mark of a series without values. */
const NOTHING = 0;

/**
 * Reads the changes of one registry: each value once.
 *
 * It costs memory for the last state of each series, and a comparison of numbers for each series that has not changed. Call `close()` when it is no
 * longer needed.
 *
 * @example
 * const reader = new DeltaReader(registry);
 * const { families } = await reader.read();
 */
export class DeltaReader {
  readonly #registry: ReadableRegistry;
  readonly #allGauges: boolean;
  /** By metric and key: a metric that is removed and registered again goes on where it was. */
  readonly #metrics = new WeakMap<object, Map<string, ReadFamily>>();
  readonly #watched = new Set<Instrument>();
  /** What was recorded in series that have been reset or removed since the last read. */
  readonly #pending = new PendingFamilies();
  readonly #watcher: RegistryWatcher & SeriesWatcher;
  /** How often series were removed. */
  #removals = 0;
  #startSeconds = wallClockSeconds();

  constructor(registry: ReadableRegistry, { gauges = 'changed' }: DeltaReaderOptions = {}) {
    this.#registry = registry;
    this.#allGauges = gauges === 'all';
    this.#watcher = {
      added: (metric) => this.#watch(metric),
      dropping: (metric) => this.#drop(metric),
      resetting: (instrument, series) => this.#settle(instrument, series),
      removing: (instrument, series) => this.#remove(instrument, series),
    };
    for (const metric of registry.watch(this.#watcher)) this.#watch(metric);
  }

  /**
   * Returns what changed since the last read. Runs the metrics' collect functions, and yields to the event loop as a scrape does. A metric whose
   * collect function fails is reported, and its changes come with a later read.
   * @param options.leaveOut the metrics whose changes should come with a later read, and whose collect functions are not run now: for those who read so
   * often that what is collected would be too expensive
   */
  async read({ leaveOut }: { readonly leaveOut?: LeaveOut | undefined } = {}): Promise<MetricsDelta> {
    const startSeconds = this.#startSeconds;
    const families: MetricFamily[] = [];
    const slices = new Slices();
    const seen = new Map<object, Set<string>>();
    for (const source of await this.#registry.sources(leaveOut)) {
      seen.set(source.metric, (seen.get(source.metric) ?? new Set()).add(familyKey(source)));
      const delta = await this.#deltaOf(this.#familyOf(source), slices);
      if (delta !== undefined) families.push(delta);
    }
    for (const [metric, keys] of seen) this.#forgetUnseen(metric, keys);
    families.push(...this.#pending.takeRest().map(frozen));
    this.#startSeconds = wallClockSeconds();
    return frozen({ startSeconds, endSeconds: this.#startSeconds, families });
  }

  /** Ends the reader: it no longer observes the registry. */
  close(): void {
    this.#registry.unwatch(this.#watcher);
    for (const instrument of this.#watched) instrument.unwatch(this.#watcher);
    this.#watched.clear();
  }

  #watch(metric: object): void {
    if (!(metric instanceof Instrument)) return;
    this.#watched.add(metric);
    metric.watch(this.#watcher);
  }

  #familyOf(source: FamilySource): ReadFamily {
    const families = this.#metrics.get(source.metric) ?? new Map<string, ReadFamily>();
    this.#metrics.set(source.metric, families);
    const key = familyKey(source);
    const family = families.get(key) ?? { source, baselines: new Map() };
    families.set(key, family);
    const before = family.source;
    // The labels of all label sets are as they were, so those that were made stay valid.
    const isSame = before.labelNames === source.labelNames && before.defaultLabels === source.defaultLabels;
    family.source = isSame ? { ...source, labelsOf: before.labelsOf } : source;
    return family;
  }

  async #deltaOf(family: ReadFamily, slices: Slices): Promise<MetricFamily | undefined> {
    const { source } = family;
    const { head, shape, metric } = source;
    const instrument = metric instanceof Instrument ? metric : undefined;
    const points: MetricPoint[] = [];
    const items = source.items();
    const removals = this.#removals;
    await forEachInSlices(items, slices, (item) => {
      // If it was removed while others were read, what it had recorded is pending.
      if (this.#removals !== removals && instrument !== undefined && !this.#has(instrument, item as Series)) return;
      const point = this.#pointOf(family, item);
      if (point !== undefined) points.push(point);
    });
    if (instrument === undefined) this.#forgetGone(family, new Set(items.map(source.keyOf)));
    const changes = this.#pending.take(source, points);
    if (changes.points.length === 0 && changes.removed === undefined) return undefined;
    // The points are frozen already, and so many that looking at each again would block the event loop.
    Object.freeze(changes.points);
    return frozen({ ...head, ...shape, ...changes } as MetricFamily);
  }

  #has(instrument: Instrument, series: Series): boolean {
    return this.#watched.has(instrument) && instrument.has(series);
  }

  /** Returns the change of a label set; undefined if there is none. */
  #pointOf({ source, baselines }: ReadFamily, item: Item): MetricPoint | undefined {
    const key = source.keyOf(item);
    const mark = source.markOf(item);
    const isCurrent = !isCumulative(source.shape.type);
    let before = baselines.get(key);
    if (isCurrent && before !== undefined && before.labelling !== source.labelsOf) before = this.#renamed(source, before, item);
    if (before !== undefined && Object.is(before.mark, mark) && !(isCurrent && this.#allGauges)) return undefined;
    const labelling = source.labelsOf;
    const labels = before?.labelling === labelling ? before.labels : Object.freeze(labelling(item));
    const { point, sum } = changeOf(source, item, { labels, sum: before?.sum });
    if (before === undefined) baselines.set(key, { labels, mark, sum, labelling });
    else {
      before.labels = labels;
      before.labelling = labelling;
      before.mark = mark;
      before.sum = sum;
    }
    return point;
  }

  /** The default labels or the label names have changed: what has a current value may be another label set from now on. */
  #renamed(source: FamilySource, before: Baseline, item: Item): Baseline | undefined {
    const labels = source.labelsOf(item);
    if (labelsKey(Object.entries(labels)) === labelsKey(Object.entries(before.labels)))
      return Object.assign(before, { labels, labelling: source.labelsOf });
    this.#pending.remove(source, before.labels);
    return undefined;
  }

  /** A series is about to start again from 0. */
  #settle(instrument: Instrument, series: Series): void {
    const family = this.#familyOf(this.#registry.source(instrument));
    if (!isCumulative(family.source.shape.type)) return;
    const point = this.#pointOf(family, series);
    // What is recorded in a metric that the registry does not have counts if the metric comes back.
    const isExposed = this.#watched.has(instrument);
    if (point !== undefined && isExposed) this.#pending.add(family.source, point);
    const before = family.baselines.get(series);
    if (before !== undefined) Object.assign(before, { mark: NOTHING, sum: undefined });
  }

  /** A series is about to be removed. */
  #remove(instrument: Instrument, series: Series): void {
    this.#removals += 1;
    this.#settle(instrument, series);
    this.#forget(this.#familyOf(this.#registry.source(instrument)), series);
  }

  /** A metric is about to be removed from the registry. If it comes back, its values go on. */
  #drop(metric: object): void {
    this.#removals += 1;
    if (metric instanceof Instrument) {
      const family = this.#familyOf(this.#registry.source(metric));
      for (const series of metric.series) {
        const point = this.#pointOf(family, series);
        if (point !== undefined && isCumulative(family.source.shape.type)) this.#pending.add(family.source, point);
      }
      // It is still watched: its series may be reset before it comes back.
      this.#watched.delete(metric);
    }
    for (const family of this.#metrics.get(metric)?.values() ?? []) this.#forgetCurrent(family);
  }

  /** Label sets of a metric of prom-client's that are gone. */
  #forgetGone(family: ReadFamily, keys: ReadonlySet<unknown>): void {
    for (const key of [...family.baselines.keys()]) if (!keys.has(key)) this.#forget(family, key);
  }

  /** Families of a metric of prom-client's that are gone. */
  #forgetUnseen(metric: object, seen: ReadonlySet<string>): void {
    for (const [key, family] of this.#metrics.get(metric) ?? []) if (!seen.has(key)) this.#forgetCurrent(family);
  }

  #forgetCurrent(family: ReadFamily): void {
    if (isCumulative(family.source.shape.type)) return;
    for (const key of [...family.baselines.keys()]) this.#forget(family, key);
  }

  #forget({ source, baselines }: ReadFamily, key: unknown): void {
    const before = baselines.get(key);
    if (before === undefined) return;
    baselines.delete(key);
    if (!isCumulative(source.shape.type)) this.#pending.remove(source, before.labels);
  }
}

interface Change {
  readonly point: MetricPoint;
  readonly sum: Baseline['sum'];
}

function changeOf({ metric, shape, pointOf }: FamilySource, item: Item, { labels, sum }: Pick<Baseline, 'labels' | 'sum'>): Change {
  if (shape.type === 'histogram' && metric instanceof Instrument) {
    const series = item as HistogramSeries;
    const totals = sum instanceof HistogramTotals ? sum : new HistogramTotals(series);
    return { point: totals.advance(series, labels), sum: totals };
  }
  if (!isCumulative(shape.type)) return { point: frozen({ labels, ...pointOf(item) } as MetricPoint), sum: undefined };
  const increase = increaseOf(shape.type, pointOf(item), sum as Unlabelled<MetricPoint> | undefined);
  return { point: frozen({ labels, ...increase.delta } as MetricPoint), sum: increase.sum };
}
