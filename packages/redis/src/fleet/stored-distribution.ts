/** Histograms as they are kept in Redis, converted to distributions. */
import { type DistributionSnapshot, distributionWith } from '@tsukimi/metrics';

/**
 * Returns the distribution of a series.
 * @param bounds the bounds of the family now. What was counted in a bucket with another bound, before a change of the buckets, counts in the next larger one.
 */
export function distributionOf(fields: ReadonlyMap<string, string>, bounds: readonly number[]): DistributionSnapshot {
  const fine: [number, number][] = [];
  const classic: [number, number][] = [];
  for (const [field, text] of fields) {
    const count = Number(text);
    if (field.startsWith('le:')) classic.push([field === 'le:+Inf' ? Number.POSITIVE_INFINITY : Number(field.slice(3)), count]);
    else if (field.startsWith('fine:')) fine.push([Number(field.slice(5)), count]);
  }
  return distributionWith(bounds, { sum: Number(fields.get('sum') ?? 0), zeros: Number(fields.get('zeros') ?? 0), classic, fine });
}
