/** Families of several origins as one list. */
import { labelSetKey } from './label-set-key.js';
import type { FamilySeries, MetricFamily } from './metric-family.js';

/**
 * The first list's families with the labels and series of the second's, then those that only the second has. Type and help stay the first's: the
 * catalogue knows better than a scrape, whose text format has no word for infos and state sets.
 */
export function mergeFamilies(base: readonly MetricFamily[], added: readonly MetricFamily[]): MetricFamily[] {
  const merged = new Map<string, MetricFamily>();
  for (const family of [...base, ...added]) {
    const known = merged.get(family.name);
    merged.set(family.name, known === undefined ? family : joined(known, family));
  }
  return [...merged.values()];
}

function joined(base: MetricFamily, added: MetricFamily): MetricFamily {
  return {
    ...base,
    help: base.help === '' ? added.help : base.help,
    labelNames: [...new Set([...base.labelNames, ...added.labelNames])],
    series: distinct([...base.series, ...added.series]),
  };
}

/** Of series with the same labels the last, which was read last. */
function distinct(series: readonly FamilySeries[]): FamilySeries[] {
  return [...new Map(series.map((one) => [labelSetKey(one.labels), one])).values()];
}
