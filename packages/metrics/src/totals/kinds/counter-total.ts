/** Counters are added up. */
import type { Exemplar } from '../../exemplar.js';
import { earlier, newer } from '../../exposition/merged-values.js';
import type { Counter, CounterSeries } from '../../instruments/counter.js';
import type { FamilyDefinition, Numbers, SeriesDefinition } from '../changes.js';
import { describeInstrument, type TotalKind, unitConflict, valuesFor } from './total-kind.js';

export class CounterTotal implements TotalKind<CounterSeries> {
  constructor(readonly instrument: Counter<string>) {}

  describe(definition: FamilyDefinition): string | undefined {
    describeInstrument(this.instrument, definition);
    return unitConflict(this.instrument, definition);
  }

  target({ labelNames }: FamilyDefinition, [, createdSeconds, labels]: SeriesDefinition): CounterSeries {
    const series = this.instrument.seriesOfValues(valuesFor(this.instrument, labelNames, labels));
    if (!Number.isNaN(createdSeconds)) series.createdSeconds = earlier(series.createdSeconds, createdSeconds);
    return series;
  }

  add(series: CounterSeries, numbers: Numbers): number {
    const amount = numbers.next();
    series.add(amount);
    return amount;
  }

  exemplar(series: CounterSeries, _: number, exemplar: Exemplar): void {
    series.exemplar = newer(series.exemplar, exemplar);
  }

  remove(): void {}
}
