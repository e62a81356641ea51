/** Summaries are added by their distributions: the parts of the same age of all windows. */
import { earlier } from '../../exposition/merged-values.js';
import type { Summary, SummarySeries } from '../../instruments/summary.js';
import type { WindowPart } from '../../sliding-window.js';
import type { FamilyDefinition, Numbers, SeriesDefinition } from '../changes.js';
import { readDistribution } from '../distribution-changes.js';
import { describeInstrument, type TotalKind, unitConflict, valuesFor } from './total-kind.js';

export class SummaryTotal implements TotalKind<SummarySeries> {
  constructor(readonly instrument: Summary<string>) {}

  describe(definition: FamilyDefinition): string | undefined {
    describeInstrument(this.instrument, definition);
    if (shapeOf(definition) === shapeOf({ quantiles: this.instrument.quantiles, ...this.instrument.window }))
      return unitConflict(this.instrument, definition);
    return 'with other quantiles or another window than the totals';
  }

  target({ labelNames }: FamilyDefinition, [, createdSeconds, labels]: SeriesDefinition): SummarySeries {
    const series = this.instrument.seriesOfValues(valuesFor(this.instrument, labelNames, labels));
    if (!Number.isNaN(createdSeconds)) series.createdSeconds = earlier(series.createdSeconds, createdSeconds);
    return series;
  }

  add(series: SummarySeries, numbers: Numbers): number {
    const count = numbers.next();
    series.count += count;
    series.sum += numbers.next();
    const parts = numbers.next();
    const byAge: WindowPart[] = [];
    for (let part = 0; part < parts; part += 1) {
      const age = numbers.next();
      while (byAge.length < age) byAge.push(null);
      byAge[age] = readDistribution(numbers, 1);
    }
    series.window.merge(byAge);
    return count;
  }

  exemplar(): void {}

  remove(): void {}
}

function shapeOf({ quantiles, maxAgeSeconds, ageBuckets }: Partial<FamilyDefinition>): string {
  return JSON.stringify([quantiles, String(maxAgeSeconds), ageBuckets]);
}
