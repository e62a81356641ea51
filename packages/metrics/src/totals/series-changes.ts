/** What has changed in one label set of each kind of metric of ours since it was read last. */
import type { Distribution } from '../distribution.js';
import type { Exemplar } from '../exemplar.js';
import type { CounterSeries } from '../instruments/counter.js';
import type { GaugeSeries } from '../instruments/gauge.js';
import type { HistogramSeries } from '../instruments/histogram.js';
import type { Instrument, Series } from '../instruments/instrument.js';
import { StateSet, type StateSetSeries } from '../instruments/state-set.js';
import type { SummarySeries } from '../instruments/summary.js';
import { difference, isRounding } from '../read/rounding.js';
import type { NumberWriter, OpenFamily } from './changes.js';
import { DistributionChanges } from './distribution-changes.js';

/** The state of a label set when it was read last. */
export interface SeriesChanges {
  readonly id: number;
  /** Writes what has changed. */
  write(series: Series, out: OpenFamily): void;
  /** The label set begins again from nothing. */
  restart(): void;
}

/** Returns a function that creates the state of a label set of an instrument that was never read. */
export function seriesChangesOf(instrument: Instrument): (id: number) => SeriesChanges {
  switch (instrument.type) {
    case 'counter':
      return (id) => new CounterChanges(id);
    case 'gauge':
      return (id) => new GaugeChanges(id);
    case 'histogram':
      return (id) => new HistogramChanges(id);
    case 'summary':
      return (id) => new SummaryChanges(id);
    case 'stateset':
      return (id) => new StateSetChanges(id, instrument instanceof StateSet ? instrument.states : []);
    case 'info':
      return (id) => ({ id, write() {}, restart() {} });
  }
}

class CounterChanges implements SeriesChanges {
  #value = 0;
  #exemplar: Exemplar | undefined;

  constructor(readonly id: number) {}

  write({ value, exemplar }: CounterSeries, out: OpenFamily): void {
    const now = Math.min(value, Number.MAX_VALUE);
    if (now !== this.#value) {
      const hasFallen = now < this.#value && !isRounding(now - this.#value, now);
      const amount = hasFallen ? now : difference(now, this.#value);
      if (amount > 0) {
        out.values.add(this.id);
        out.values.add(amount);
      }
      this.#value = hasFallen ? now : this.#value + amount;
    }
    if (exemplar !== this.#exemplar && exemplar !== undefined) out.exemplars.push([this.id, 0, exemplar]);
    this.#exemplar = exemplar;
  }

  restart(): void {
    this.#value = 0;
  }
}

class GaugeChanges implements SeriesChanges {
  #value: number | undefined;

  constructor(readonly id: number) {}

  write({ value }: GaugeSeries, out: OpenFamily): void {
    if (Object.is(value, this.#value)) return;
    out.values.add(this.id);
    out.values.add(value);
    this.#value = value;
  }

  restart(): void {}
}

class HistogramChanges implements SeriesChanges {
  #distribution = new DistributionChanges();
  #exemplars: readonly (Exemplar | undefined)[] = [];

  constructor(readonly id: number) {}

  write({ distribution, exemplars }: HistogramSeries, out: OpenFamily): void {
    if (this.#distribution.hasChanged(distribution)) {
      out.values.add(this.id);
      this.#distribution.write(distribution, out.values);
    }
    if (exemplars === undefined) return;
    for (const [bucket, exemplar] of exemplars.entries())
      if (exemplar !== undefined && exemplar !== this.#exemplars[bucket]) out.exemplars.push([this.id, bucket, exemplar]);
    this.#exemplars = [...exemplars];
  }

  restart(): void {
    this.#distribution = new DistributionChanges();
  }
}

/** Count and sum, and what was added to each part of the window. */
class SummaryChanges implements SeriesChanges {
  #count = 0;
  #sum = 0;
  #parts = new Map<Distribution, DistributionChanges>();

  constructor(readonly id: number) {}

  write(series: SummarySeries, { values }: OpenFamily): void {
    const { count } = series;
    if (count === this.#count) return;
    const sum = difference(Math.min(series.sum, Number.MAX_VALUE), this.#sum);
    values.add(this.id);
    values.add(count - this.#count);
    values.add(sum);
    this.#count = count;
    this.#sum += sum;
    this.#writeParts(series.window.parts(), values);
  }

  restart(): void {
    this.#count = 0;
    this.#sum = 0;
    this.#parts.clear();
  }

  #writeParts(parts: readonly (Distribution | undefined)[], values: NumberWriter): void {
    const before = this.#parts;
    const lengthAt = values.length;
    let written = 0;
    values.add(0);
    this.#parts = new Map();
    for (const [age, part] of parts.entries()) {
      if (part === undefined) continue;
      const changes = before.get(part) ?? new DistributionChanges();
      this.#parts.set(part, changes);
      if (!changes.hasChanged(part)) continue;
      values.add(age);
      changes.write(part, values);
      written += 1;
    }
    values.set(lengthAt, written);
  }
}

class StateSetChanges implements SeriesChanges {
  #active: readonly string[] = [];

  constructor(
    readonly id: number,
    private readonly states: readonly string[],
  ) {}

  write({ active }: StateSetSeries, { values }: OpenFamily): void {
    if (active === this.#active) return;
    values.add(this.id);
    values.add(active.length);
    for (const state of active) values.add(this.states.indexOf(state));
    this.#active = active;
  }

  restart(): void {}
}
