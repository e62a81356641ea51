/** Histograms are added bucket by bucket, the fine ones too, so that percentiles are those of the whole. */
import type { Exemplar } from '../../exemplar.js';
import { earlier, newer } from '../../exposition/merged-values.js';
import type { Histogram, HistogramSeries } from '../../instruments/histogram.js';
import type { FamilyDefinition, Numbers, SeriesDefinition } from '../changes.js';
import { readDistribution } from '../distribution-changes.js';
import { distributionWith, sparseOf } from '../sparse-distribution.js';
import { describeInstrument, type TotalKind, unitConflict, valuesFor } from './total-kind.js';

export class HistogramTotal implements TotalKind<HistogramSeries> {
  constructor(readonly instrument: Histogram<string>) {}

  describe(definition: FamilyDefinition): string | undefined {
    describeInstrument(this.instrument, definition);
    const { bounds = [] } = definition;
    if (isSame(bounds, this.instrument.bounds)) return unitConflict(this.instrument, definition);
    // Other bounds would be other series. Those that a scraper knows must not end, and must not fall.
    return `with buckets ${bounds.join(', ')}, and the totals with ${this.instrument.bounds.join(', ')}, in which its values are counted`;
  }

  target({ labelNames }: FamilyDefinition, [, createdSeconds, labels]: SeriesDefinition): HistogramSeries {
    const series = this.instrument.seriesOfValues(valuesFor(this.instrument, labelNames, labels));
    if (!Number.isNaN(createdSeconds)) series.createdSeconds = earlier(series.createdSeconds, createdSeconds);
    return series;
  }

  add({ distribution }: HistogramSeries, numbers: Numbers, { bounds = [] }: FamilyDefinition): number {
    const added = readDistribution(numbers, bounds.length + 1);
    const own = this.instrument.bounds;
    const hasFine = !Number.isNaN(added.min);
    distribution.merge(hasFine && isSame(bounds, own) ? added : distributionWith(own, sparseOf(added, bounds)));
    return added.count;
  }

  exemplar(series: HistogramSeries, _: number, exemplar: Exemplar): void {
    const { bounds } = this.instrument;
    const at = bounds.findIndex((bound) => exemplar.value <= bound);
    const bucket = at === -1 ? bounds.length : at;
    series.exemplars ??= Array.from({ length: bounds.length + 1 }, () => undefined);
    series.exemplars[bucket] = newer(series.exemplars[bucket], exemplar);
  }

  remove(): void {}
}

function isSame(one: readonly number[], other: readonly number[]): boolean {
  return one === other || (one.length === other.length && one.every((bound, index) => bound === other[index]));
}
