/** Functions that compute the bounds of histograms. */
import { invalidBucketRule } from './errors.js';

// More is probably a mistake, because every bucket is a separate series in Prometheus.
const MOST_BUCKETS = 1000;

/**
 * Returns upper bounds at equal distances: `linearBuckets(0, 5, 3)` is 0, 5, 10.
 * @param start the first bound, at least 0
 * @param width the distance between two bounds, greater than 0
 * @param count the number of bounds, from 1 to 1000, without +Inf, which the histogram adds
 * @throws TSK_ERR_METRIC_BUCKETS
 */
export function linearBuckets(start: number, width: number, count: number): number[] {
  const rule = `linearBuckets(${[start, width, count].map(String).join(', ')})`;
  if (!Number.isFinite(start) || start < 0) throw invalidBucketRule(rule, 'the start is not a finite number of 0 or more');
  if (!Number.isFinite(width) || width <= 0) throw invalidBucketRule(rule, 'the width is not a finite number above 0');
  return bounds(rule, count, (index) => start + index * width);
}

/**
 * Returns upper bounds that grow by a factor: `exponentialBuckets(1, 10, 3)` is 1, 10, 100.
 * @param start the first bound, greater than 0
 * @param factor the factor, greater than 1
 * @param count the number of bounds, from 1 to 1000, without +Inf, which the histogram adds
 * @throws TSK_ERR_METRIC_BUCKETS
 */
export function exponentialBuckets(start: number, factor: number, count: number): number[] {
  const rule = `exponentialBuckets(${[start, factor, count].map(String).join(', ')})`;
  if (!Number.isFinite(start) || start <= 0) throw invalidBucketRule(rule, 'the start is not a finite number above 0');
  if (!Number.isFinite(factor) || factor <= 1) throw invalidBucketRule(rule, 'the factor is not a finite number above 1');
  return bounds(rule, count, (index) => start * factor ** index);
}

function bounds(rule: string, count: number, bound: (index: number) => number): number[] {
  if (!Number.isInteger(count) || count < 1 || count > MOST_BUCKETS)
    throw invalidBucketRule(rule, `the count is not a whole number from 1 to ${MOST_BUCKETS}`);
  const all = Array.from({ length: count }, (_, index) => withoutNoise(bound(index)));
  const isAscending = all.every((value, index) => Number.isFinite(value) && (index === 0 || value > (all[index - 1] as number)));
  if (!isAscending) throw invalidBucketRule(rule, 'its bounds run out of the range or the precision of numbers');
  return all;
}

/** Rounds, because 0.1 + 0.2 is 0.30000000000000004 in doubles, which would appear in every query. */
function withoutNoise(value: number): number {
  return Number(value.toPrecision(15));
}
