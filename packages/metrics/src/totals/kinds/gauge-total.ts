/** Gauges are merged by their mode. Those of a process that has ended disappear. */
import type { Gauge, GaugeSeries } from '../../instruments/gauge.js';
import type { Aggregator } from '../../instruments/metric-object.js';
import { isOverflow, OVERFLOW_LABEL_VALUE } from '../../label-sets.js';
import type { FamilyDefinition, Numbers, SeriesDefinition } from '../changes.js';
import { describeInstrument, type TotalKind, type TotalsSource, unitConflict, valuesFor } from './total-kind.js';

/** The label of the mode `worker`. */
export const WORKER_LABEL = 'worker';

/** A label of that name which the metric has itself, as Prometheus renames those that its own labels hide. */
const OWN_LABEL = 'exported_worker';

/** The value of one label set in one source. */
interface GaugePart {
  readonly source: TotalsSource;
  readonly values: readonly string[];
  readonly series: TotalSeries;
  value: number | undefined;
  /** When it was set, compared with the others; 0 if it never was. */
  order: number;
}

/** A label set of the totals, and the values of which it is made. */
interface TotalSeries {
  series: GaugeSeries;
  readonly parts: Set<GaugePart>;
}

export class GaugeTotal implements TotalKind<GaugePart> {
  readonly #series = new Map<GaugeSeries, TotalSeries>();
  #aggregator: Aggregator;
  #order = 0;

  constructor(
    readonly instrument: Gauge<string>,
    { aggregator = 'sum' }: FamilyDefinition,
  ) {
    this.#aggregator = aggregator;
  }

  describe(definition: FamilyDefinition): string | undefined {
    describeInstrument(this.instrument, withWorker(definition, this.#aggregator));
    const { aggregator = 'sum' } = definition;
    if (aggregator !== this.#aggregator) return `merged by ${aggregator}, and the totals by ${this.#aggregator}`;
    return unitConflict(this.instrument, definition);
  }

  target(definition: FamilyDefinition, [, , labels]: SeriesDefinition, source: TotalsSource): GaugePart {
    const { labelNames } = withWorker(definition, this.#aggregator);
    const values = this.#aggregator === 'worker' ? [...labels, String(source.worker)] : labels;
    const own = this.instrument.seriesOfValues(
      valuesFor(this.instrument, labelNames, isOverflow(labels) ? values.map(() => OVERFLOW_LABEL_VALUE) : values),
    );
    let series = this.#series.get(own);
    if (series === undefined) {
      series = { series: own, parts: new Set() };
      this.#series.set(own, series);
    }
    const part: GaugePart = { source, values: own.labelValues, series, value: undefined, order: 0 };
    series.parts.add(part);
    return part;
  }

  add(part: GaugePart, numbers: Numbers): number {
    const value = numbers.next();
    // The 0 that a gauge has before it is set is no newer than what others have set.
    if (part.value !== undefined || value !== 0) {
      this.#order += 1;
      part.order = this.#order;
    }
    part.value = value;
    this.#update(part.series);
    return 0;
  }

  exemplar(): void {}

  remove(part: GaugePart): void {
    const { series } = part;
    series.parts.delete(part);
    if (series.parts.size > 0) {
      this.#update(series);
      return;
    }
    this.#series.delete(series.series);
    const { labelNames } = this.instrument;
    const labels = Object.fromEntries(labelNames.map((name, index) => [name, series.series.labelValues[index] ?? '']));
    this.instrument.remove(labels);
  }

  #update({ series, parts }: TotalSeries): void {
    const set = [...parts].filter(({ value }) => value !== undefined) as (GaugePart & { value: number })[];
    if (set.length > 0) series.value = merged(this.#aggregator, set);
  }
}

/** The definition of the totals, which have one more label in the mode `worker`. */
export function withWorker(definition: FamilyDefinition, aggregator: Aggregator | undefined): FamilyDefinition {
  if (aggregator !== 'worker') return definition;
  const own = definition.labelNames.map((name) => (name === WORKER_LABEL ? OWN_LABEL : name));
  return { ...definition, labelNames: [...own, WORKER_LABEL] };
}

type Set_ = readonly (GaugePart & { value: number })[];

function merged(aggregator: Aggregator, parts: Set_): number {
  switch (aggregator) {
    case 'min':
      return parts.reduce((least, { value }) => Math.min(least, value), Number.POSITIVE_INFINITY);
    case 'max':
      return parts.reduce((most, { value }) => Math.max(most, value), Number.NEGATIVE_INFINITY);
    case 'average':
      return sum(parts) / parts.length;
    case 'last':
      return best(parts, ({ order }, other) => order > other.order);
    case 'first':
      return best(parts, ({ source }, other) => source.incarnation < other.source.incarnation);
    // A process that replaces another one has the same number.
    case 'worker':
      return best(parts, ({ source }, other) => source.incarnation > other.source.incarnation);
    case 'omit':
    case 'sum':
      return sum(parts);
  }
}

function sum(parts: Set_): number {
  return parts.reduce((total, { value }) => total + value, 0);
}

function best(parts: Set_, isBetter: (one: GaugePart, other: GaugePart) => boolean): number {
  return parts.reduce((found, part) => (isBetter(part, found) ? part : found)).value;
}
