/** What has changed in one metric of ours since it was read last. */
import { Counter } from '../instruments/counter.js';
import { Gauge } from '../instruments/gauge.js';
import { Histogram } from '../instruments/histogram.js';
import type { Instrument, Series } from '../instruments/instrument.js';
import { StateSet } from '../instruments/state-set.js';
import { Summary } from '../instruments/summary.js';
import { isCumulative } from '../read/increases.js';
import { type ChangedFamily, type FamilyDefinition, OpenFamily } from './changes.js';
import { type SeriesChanges, seriesChangesOf } from './series-changes.js';

/** The metric's label sets as they were last read. */
export class MetricChanges {
  readonly isCumulative: boolean;
  readonly #create: (id: number) => SeriesChanges;
  readonly #known = new Map<Series, SeriesChanges>();
  readonly #out: OpenFamily;
  #nextId = 1;
  /** How many label names the definition had that was sent; -1 before. */
  #sentNames = -1;
  #sentHelp: string | undefined;

  constructor(
    readonly id: number,
    readonly instrument: Instrument,
  ) {
    this.isCumulative = isCumulative(instrument.type);
    this.#create = seriesChangesOf(instrument);
    this.#out = new OpenFamily(id);
  }

  /** Writes the definition if it is new. */
  begin(): void {
    const { labelNames, help } = this.instrument;
    // Label names and help of the counters of `recordMetric` come later.
    if (labelNames.length === this.#sentNames && help === this.#sentHelp) return;
    this.#sentNames = labelNames.length;
    this.#sentHelp = help;
    this.#out.definition = definitionOf(this.instrument);
  }

  read(series: Series): void {
    let changes = this.#known.get(series);
    if (changes === undefined) {
      changes = this.#create(this.#nextId);
      this.#nextId += 1;
      this.#known.set(series, changes);
      this.#out.series.push([changes.id, createdSecondsOf(series), [...series.labelValues]]);
    }
    changes.write(series, this.#out);
  }

  /**
   * A label set is about to begin again from nothing.
   * @param counts whether what it has counted since it was last read counts
   */
  restart(series: Series, counts: boolean): void {
    if (counts && this.isCumulative) {
      this.begin();
      this.read(series);
    }
    this.#known.get(series)?.restart();
  }

  /** A label set is about to be removed. */
  remove(series: Series, counts: boolean): void {
    this.restart(series, counts);
    const changes = this.#known.get(series);
    this.#known.delete(series);
    if (changes !== undefined && !this.isCumulative) this.#out.removed.push(changes.id);
  }

  /** Its current values are no longer valid. */
  removeAll(): void {
    if (this.isCumulative) return;
    for (const { id } of this.#known.values()) this.#out.removed.push(id);
    this.#known.clear();
  }

  /** Returns the changes, and begins again; undefined if there are none. */
  take(): ChangedFamily | undefined {
    return this.#out.take();
  }
}

function createdSecondsOf(series: Series): number {
  return (series as { readonly createdSeconds?: number }).createdSeconds ?? Number.NaN;
}

function definitionOf(instrument: Instrument): FamilyDefinition {
  const { name, help, unit, type, labelNames } = instrument;
  const common = { name, help, ...(unit !== undefined && { unit }), type, labelNames: [...labelNames] };
  if (instrument instanceof Counter) return common;
  if (instrument instanceof Gauge) return { ...common, aggregator: instrument.aggregator };
  if (instrument instanceof Histogram) {
    const { bounds, native, maxNativeBuckets } = instrument;
    return { ...common, bounds, native, maxNativeBuckets };
  }
  if (instrument instanceof Summary) return { ...common, quantiles: instrument.quantiles, ...instrument.window };
  return instrument instanceof StateSet ? { ...common, states: instrument.states } : common;
}
