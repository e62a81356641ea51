/** Distributions over time, in buckets that are the same for all columns and no more than can be seen. */
import type { HeatMap } from '../api-types.js';
import type { BucketCounts } from '../history/bucket-counts.js';
import { short } from './view.js';

const MOST_ROWS = 40;

export interface Column {
  readonly at: number;
  readonly counts: BucketCounts;
}

export function heatMap(columns: readonly Column[]): HeatMap {
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { counts } of columns) {
    for (let position = 0; position < counts.counts.length; position += 1) {
      if ((counts.counts[position] as number) <= 0) continue;
      first = Math.min(first, counts.offset + position);
      last = Math.max(last, counts.offset + position);
    }
  }
  const scale = columns[0]?.counts.scale;
  if (scale === undefined || first > last) return { bounds: [], lowest: 0, columns: columns.map(({ at }) => ({ at, counts: [] })) };
  let width = 1;
  while (Math.floor(last / width) - Math.floor(first / width) >= MOST_ROWS) width *= 2;
  const lowest = Math.floor((first - 1) / width) * width;
  const rows = Math.ceil((last - lowest) / width);
  const bound = (index: number): number => {
    const value = scale.upperBound(index);
    return Number.isFinite(value) ? short(value) : short(2 * scale.upperBound(index - 1));
  };
  return {
    bounds: Array.from({ length: rows }, (_, row) => bound(lowest + (row + 1) * width)),
    lowest: bound(lowest) || 0,
    columns: columns.map(({ at, counts }) => ({ at, counts: rowsOf(counts, { lowest, width, rows }) })),
  };
}

/** Bucket i ends at bound i, so row 0 has the buckets `lowest + 1` to `lowest + width`. */
function rowsOf(
  counts: BucketCounts,
  { lowest, width, rows }: { readonly lowest: number; readonly width: number; readonly rows: number },
): number[] {
  const sums = new Array<number>(rows).fill(0);
  if (counts.zeros > 0) sums[0] = counts.zeros;
  for (let position = 0; position < counts.counts.length; position += 1) {
    const amount = counts.counts[position] as number;
    if (amount <= 0) continue;
    const row = Math.floor((counts.offset + position - lowest - 1) / width);
    sums[row] = (sums[row] as number) + amount;
  }
  return sums;
}
