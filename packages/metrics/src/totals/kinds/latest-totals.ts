/** Of infos and state sets, the latest counts. */
import type { Info } from '../../instruments/info.js';
import type { StateSet, StateSetSeries } from '../../instruments/state-set.js';
import type { FamilyDefinition, Numbers, SeriesDefinition } from '../changes.js';
import { describeInstrument, type TotalKind, type TotalsSource, valuesFor } from './total-kind.js';

interface InfoPart {
  readonly labels: Readonly<Record<string, string>>;
  readonly order: number;
}

/** The labels of the process that started last, so that an old version is not shown once a new one runs. They stay if the last process ends. */
export class InfoTotal implements TotalKind<InfoPart> {
  readonly #parts = new Set<InfoPart>();

  constructor(readonly instrument: Info<string>) {}

  describe(definition: FamilyDefinition): undefined {
    describeInstrument(this.instrument, definition);
  }

  target({ labelNames }: FamilyDefinition, [, , labels]: SeriesDefinition, { incarnation }: TotalsSource): InfoPart {
    const part = { labels: Object.fromEntries(labelNames.map((name, index) => [name, labels[index] ?? ''])), order: incarnation };
    this.#parts.add(part);
    this.#show();
    return part;
  }

  add(): number {
    return 0;
  }

  exemplar(): void {}

  remove(part: InfoPart): void {
    this.#parts.delete(part);
    if (this.#parts.size > 0) this.#show();
  }

  #show(): void {
    const latest = [...this.#parts].reduce((found, part) => (part.order >= found.order ? part : found));
    this.instrument.set(latest.labels);
  }
}

interface StatePart {
  readonly series: StateSetSeries;
  active: readonly string[];
  order: number;
}

/** The state that was entered last in any process. */
export class StateSetTotal implements TotalKind<StatePart> {
  readonly #parts = new Map<StateSetSeries, Set<StatePart>>();
  #order = 0;

  constructor(readonly instrument: StateSet<string, string>) {}

  describe(definition: FamilyDefinition): undefined {
    describeInstrument(this.instrument, definition);
    const further = (definition.states ?? []).filter((state) => !this.instrument.states.includes(state));
    if (further.length > 0)
      (this.instrument as { states: readonly string[] }).states = Object.freeze([...this.instrument.states, ...further]);
  }

  target({ labelNames }: FamilyDefinition, [, , labels]: SeriesDefinition): StatePart {
    const series = this.instrument.seriesOfValues(valuesFor(this.instrument, labelNames, labels));
    const part: StatePart = { series, active: [], order: 0 };
    this.#parts.set(series, (this.#parts.get(series) ?? new Set()).add(part));
    return part;
  }

  add(part: StatePart, numbers: Numbers, { states = [] }: FamilyDefinition): number {
    part.active = numbers.list().map((index) => states[index] ?? '');
    this.#order += 1;
    part.order = this.#order;
    this.#show(part.series);
    return 0;
  }

  exemplar(): void {}

  remove(part: StatePart): void {
    this.#parts.get(part.series)?.delete(part);
    this.#show(part.series);
  }

  #show(series: StateSetSeries): void {
    const parts = [...(this.#parts.get(series) ?? [])];
    const latest = parts.reduce<StatePart | undefined>(
      (found, part) => (found === undefined || part.order > found.order ? part : found),
      undefined,
    );
    series.reset();
    if (latest !== undefined) series.addActive(latest.active);
    else if (this.instrument.labelNames.length > 0) this.#forget(series);
  }

  #forget(series: StateSetSeries): void {
    this.#parts.delete(series);
    const labels = Object.fromEntries(this.instrument.labelNames.map((name, index) => [name, series.labelValues[index] ?? '']));
    this.instrument.remove(labels);
  }
}
