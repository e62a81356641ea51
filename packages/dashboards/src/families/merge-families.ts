/** Merges families of several origins. */
import { labelSetKey } from './label-set-key.js';
import type { FamilySeries, MetricFamily } from './metric-family.js';

/**
 * Returns the families of the first list with the labels and series of the second, followed by families that only the second has. Type and help come
 * from the first list, because the text format of a scrape has no infos and state sets.
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
    // What an application exposes is what it was configured with.
    ...((added.buckets ?? base.buckets) && { buckets: added.buckets ?? base.buckets }),
    series: distinct([...base.series, ...added.series]),
  };
}

/** Keeps the last of several series with the same labels, which was read last. */
function distinct(series: readonly FamilySeries[]): FamilySeries[] {
  return [...new Map(series.map((one) => [labelSetKey(one.labels), one])).values()];
}
