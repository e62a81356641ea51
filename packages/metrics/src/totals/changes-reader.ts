/** Reads what has changed in a registry, to be sent to those who keep the totals of several processes. */

import type { DefaultLabels } from '../exposition/default-labels.js';
import { Slices } from '../exposition/slices.js';
import { Instrument, type Series, type SeriesWatcher } from '../instruments/instrument.js';
import type { FamilySource, GuestPoint } from '../read/family-source.js';
import { familyKey } from '../read/pending-families.js';
import type { RegistryWatcher } from '../read/readable-registry.js';
import { unfaked } from '../real-timers.js';
import type { MetricsRegistry } from '../registry.js';
import { CHANGES_VERSION, type RegistryChanges } from './changes.js';
import { GuestChanges } from './guest-changes.js';
import { MetricChanges } from './metric-changes.js';

/** How many label sets are read between two looks at the clock. */
const AT_ONCE = 64;

/**
 * Reads the changes of one registry, for `Totals`: each value once, also across `reset()`, removed series and metrics that are registered again.
 *
 * It costs memory for the last state of each series, and a comparison of numbers for each series that has not changed.
 */
export class ChangesReader {
  readonly #registry: MetricsRegistry;
  readonly #metrics = new WeakMap<object, MetricChanges>();
  readonly #guests = new Map<object, Map<string, GuestChanges>>();
  readonly #registered = new Set<object>();
  /** Those that may have changes that were not taken: also metrics that are gone. */
  readonly #touched = new Set<MetricChanges | GuestChanges>();
  /** Metrics with a collect function that has ended well at least once. */
  readonly #collected = new WeakSet<object>();
  readonly #collecting = new Map<object, Promise<void>>();
  readonly #watcher: RegistryWatcher & SeriesWatcher;
  #sentLabels: DefaultLabels | undefined;
  #nextId = 1;
  #sequence = 0;
  /** How often series were removed. */
  #removals = 0;

  constructor(registry: MetricsRegistry) {
    this.#registry = registry;
    this.#watcher = {
      added: (metric) => this.#add(metric),
      dropping: (metric) => this.#drop(metric),
      resetting: (instrument, series) => this.#changesOf(instrument).restart(series, this.#registered.has(instrument)),
      removing: (instrument, series) => {
        this.#removals += 1;
        this.#changesOf(instrument).remove(series, this.#registered.has(instrument));
      },
    };
    for (const metric of registry.watch(this.#watcher)) this.#add(metric);
  }

  /**
   * Runs the metrics' collect functions, and reads the metrics of prom-client. What is not ready in time comes with later changes.
   * @param limits.timeoutMs how long to wait, in milliseconds
   */
  async collect({ timeoutMs }: { readonly timeoutMs: number }): Promise<void> {
    const all = [...this.#registered].flatMap((metric) => this.#collectOf(metric) ?? []);
    if (all.length === 0) return;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = unfaked(setTimeout, 'setTimeout')(resolve, timeoutMs);
    });
    await Promise.race([Promise.all(all), late]);
    unfaked(clearTimeout, 'clearTimeout')(timer);
  }

  /** Returns what has changed, read in slices, so that requests are served in between; undefined if nothing has. */
  async read(): Promise<RegistryChanges | undefined> {
    const slices = new Slices();
    for (const _ of this.#steps()) if (slices.isOver) await slices.next();
    return this.#taken();
  }

  /** Like `read`, at once: for processes that end. */
  take(): RegistryChanges | undefined {
    for (const _ of this.#steps());
    return this.#taken();
  }

  /** Ends the reader: it no longer observes the registry. */
  close(): void {
    this.#registry.unwatch(this.#watcher);
    for (const metric of this.#registered) if (metric instanceof Instrument) metric.unwatch(this.#watcher);
    this.#registered.clear();
  }

  #add(metric: object): void {
    this.#registered.add(metric);
    if (metric instanceof Instrument) metric.watch(this.#watcher);
  }

  /** A metric is about to be removed from the registry. If it comes back, its values go on. */
  #drop(metric: object): void {
    this.#removals += 1;
    if (metric instanceof Instrument) {
      const changes = this.#changesOf(metric);
      changes.begin();
      for (const series of metric.series) changes.read(series);
      changes.removeAll();
    } else {
      for (const changes of this.#guests.get(metric)?.values() ?? []) {
        changes.read([]);
        this.#touched.add(changes);
      }
    }
    this.#registered.delete(metric);
    this.#collected.delete(metric);
  }

  #changesOf(instrument: Instrument): MetricChanges {
    let changes = this.#metrics.get(instrument);
    if (changes === undefined) {
      changes = new MetricChanges(this.#nextId, instrument);
      this.#nextId += 1;
      this.#metrics.set(instrument, changes);
    }
    this.#touched.add(changes);
    return changes;
  }

  *#steps(): Generator<void> {
    for (const metric of [...this.#registered]) {
      if (!(metric instanceof Instrument)) continue;
      const changes = this.#changesOf(metric);
      // What a collect function sets is not known before.
      if (!changes.isCumulative && metric.collect !== undefined && !this.#collected.has(metric)) continue;
      changes.begin();
      yield* this.#readSeries(metric, changes);
    }
  }

  *#readSeries(instrument: Instrument, changes: MetricChanges): Generator<void> {
    // A copy, and a second look at what was removed since: series come and go between two steps.
    const all = [...instrument.series];
    const removals = this.#removals;
    for (let index = 0; index < all.length; index += 1) {
      const series = all[index] as Series;
      if (this.#removals === removals || (this.#registered.has(instrument) && instrument.has(series))) changes.read(series);
      if (index % AT_ONCE === AT_ONCE - 1) yield;
    }
    yield;
  }

  #taken(): RegistryChanges | undefined {
    const families = [...this.#touched].flatMap((changes) => changes.take() ?? []);
    this.#touched.clear();
    const { defaultLabels } = this.#registry;
    const areNew = defaultLabels !== this.#sentLabels;
    if (families.length === 0 && !areNew) return undefined;
    this.#sentLabels = defaultLabels;
    this.#sequence += 1;
    return { version: CHANGES_VERSION, sequence: this.#sequence, ...(areNew && { defaultLabels }), families };
  }

  /** Starts to collect a metric, unless that is still going on; undefined if it needs no collecting. */
  #collectOf(metric: object): Promise<void> | undefined {
    if (metric instanceof Instrument && metric.collect === undefined) return undefined;
    const running = this.#collecting.get(metric);
    if (running !== undefined) return running;
    const collecting = this.#collect(metric).finally(() => this.#collecting.delete(metric));
    this.#collecting.set(metric, collecting);
    return collecting;
  }

  async #collect(metric: object): Promise<void> {
    const sources = await this.#registry.sourcesOf(metric);
    if (!this.#registered.has(metric)) return;
    if (metric instanceof Instrument) {
      if (sources.length > 0) this.#collected.add(metric);
      else {
        // It failed, and is missing, as in a scrape of one process.
        this.#collected.delete(metric);
        this.#changesOf(metric).removeAll();
      }
    } else this.#readGuest(metric, sources);
  }

  #readGuest(metric: object, sources: readonly FamilySource[]): void {
    const families = this.#guests.get(metric) ?? new Map<string, GuestChanges>();
    this.#guests.set(metric, families);
    const seen = new Set<string>();
    for (const source of sources) {
      // A histogram without label sets has no bounds yet.
      if (source.shape.type === 'gaugehistogram' || (source.shape.type === 'histogram' && source.shape.bounds.length === 0)) continue;
      const key = familyKey(source);
      seen.add(key);
      let changes = families.get(key);
      if (changes === undefined) {
        changes = new GuestChanges(this.#nextId, source);
        this.#nextId += 1;
        families.set(key, changes);
      }
      changes.read(source.items() as readonly GuestPoint[]);
      this.#touched.add(changes);
    }
    for (const [key, changes] of families) {
      if (seen.has(key)) continue;
      changes.read([]);
      this.#touched.add(changes);
    }
  }
}
