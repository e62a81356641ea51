/** A count as one of five ranges: a raw number as a label would make a new series for every value. */

/** A value of the label `records_processed`. */
export type SizeRange = '0' | '1-10' | '11-100' | '101-1000' | '1001+';

/** The range that a count of records, from 0, falls into. */
export function sizeRange(count: number): SizeRange {
  if (count === 0) return '0';
  if (count <= 10) return '1-10';
  if (count <= 100) return '11-100';
  if (count <= 1000) return '101-1000';
  return '1001+';
}
