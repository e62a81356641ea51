/** What has been added to a distribution since the last time, as numbers, and back. */
import type { Distribution, DistributionSnapshot } from '../distribution.js';
import { fineBucketIndex, withinRange } from '../fine-buckets.js';
import { difference } from '../read/rounding.js';
import type { Numbers, NumberWriter } from './changes.js';

/** The state of a distribution when it was written last. */
export class DistributionChanges {
  #count = 0;
  #sum = 0;
  #zeros = 0;
  #fineOffset = 0;
  #buckets: number[] = [];
  #fine: number[] = [];

  /** Whether something was added. */
  hasChanged({ count }: Distribution): boolean {
    return count !== this.#count;
  }

  /** Writes count, sum, smallest and largest value, zeros, the range of classic buckets in which something was added, and the fine ones. */
  write(distribution: Distribution, out: NumberWriter): void {
    const { count, zeros } = distribution;
    const sum = difference(Math.min(distribution.sum, Number.MAX_VALUE), this.#sum);
    const added = count - this.#count;
    const addedZeros = zeros - this.#zeros;
    out.add(added);
    out.add(sum);
    out.add(distribution.min);
    out.add(distribution.max);
    out.add(addedZeros);
    this.#count = count;
    this.#sum += sum;
    this.#zeros = zeros;
    const { start, end } = this.#writeClassic(distribution, out);
    this.#writeFine(distribution, { start, end, added: added - addedZeros }, out);
  }

  #writeClassic(distribution: Distribution, out: NumberWriter): ClassicRange {
    const before = this.#buckets;
    const length = distribution.bounds.length + 1;
    while (before.length < length) before.push(0);
    let start = 0;
    let end = length;
    while (start < end && distribution.valuesInBucket(start) === before[start]) start += 1;
    while (end > start && distribution.valuesInBucket(end - 1) === before[end - 1]) end -= 1;
    out.add(start);
    out.add(end - start);
    for (let bucket = start; bucket < end; bucket += 1) {
      const now = distribution.valuesInBucket(bucket);
      out.add(now - (before[bucket] as number));
      before[bucket] = now;
    }
    return { start, end };
  }

  /** @param changed the range of classic buckets, and how many values were added that fine buckets have */
  #writeFine(distribution: Distribution, changed: ClassicRange & { readonly added: number }, out: NumberWriter): void {
    const { fine, fineOffset } = distribution;
    if (this.#fine.length !== fine.length || this.#fineOffset !== fineOffset) this.#cover(fine.length, fineOffset);
    const before = this.#fine;
    // Few of them change at a time, in a wide range that is in no cache: the classic buckets say where to look.
    let position = firstFine(changed, distribution);
    let end = afterFine(changed, distribution);
    // Not all are there if the distribution was merged with one of other bounds.
    if (this.#addedWithin(fine, position, end) !== changed.added) [position, end] = [0, fine.length];
    const countAt = out.length;
    out.add(0);
    for (; position < end; position += 1) {
      const now = fine[position] as number;
      const amount = now - (before[position] as number);
      if (amount === 0) continue;
      out.add(fineOffset + position);
      out.add(amount);
      before[position] = now;
    }
    out.set(countAt, out.length - countAt - 1);
  }

  #addedWithin(fine: readonly number[], start: number, end: number): number {
    let added = 0;
    for (let position = start; position < end; position += 1) added += (fine[position] as number) - (this.#fine[position] as number);
    return added;
  }

  /** The range of a distribution only grows. */
  #cover(length: number, offset: number): void {
    const wider = new Array<number>(length).fill(0);
    for (const [position, amount] of this.#fine.entries()) wider[position + this.#fineOffset - offset] = amount;
    this.#fine = wider;
    this.#fineOffset = offset;
  }
}

/** Classic buckets from `start` to the one before `end`. */
interface ClassicRange {
  readonly start: number;
  readonly end: number;
}

/** Returns the position of the first fine bucket that can have values of the classic buckets. */
function firstFine({ start }: ClassicRange, { bounds, fine, fineOffset }: Distribution): number {
  const below = bounds[start - 1] ?? 0;
  return below > 0 ? Math.min(fine.length, Math.max(0, withinRange(fineBucketIndex(below)) - fineOffset)) : 0;
}

/** Returns the position after the last one. */
function afterFine({ end }: ClassicRange, { bounds, fine, fineOffset }: Distribution): number {
  const bound = bounds[end - 1] ?? Number.POSITIVE_INFINITY;
  if (bound === Number.POSITIVE_INFINITY) return fine.length;
  return bound > 0 ? Math.min(fine.length, Math.max(0, withinRange(fineBucketIndex(bound)) - fineOffset + 1)) : 0;
}

/**
 * Reads what `DistributionChanges.write` wrote.
 * @param bucketCount the number of classic buckets
 */
export function readDistribution(numbers: Numbers, bucketCount: number): DistributionSnapshot {
  const [count, sum, min, max, zeros] = [numbers.next(), numbers.next(), numbers.next(), numbers.next(), numbers.next()];
  const buckets = new Array<number>(bucketCount).fill(0);
  const start = numbers.next();
  for (const [position, amount] of numbers.list().entries()) buckets[start + position] = amount;
  return { count, sum, min, max, zeros, buckets, ...fineOf(numbers.list()) };
}

/** @param pairs indexes, ascending, and counts by turns */
function fineOf(pairs: readonly number[]): Pick<DistributionSnapshot, 'fineOffset' | 'fine'> {
  if (pairs.length === 0) return { fineOffset: 0, fine: [] };
  const fineOffset = pairs[0] as number;
  const fine = new Array<number>((pairs[pairs.length - 2] as number) - fineOffset + 1).fill(0);
  for (let at = 0; at < pairs.length; at += 2) fine[(pairs[at] as number) - fineOffset] = pairs[at + 1] as number;
  return { fineOffset, fine };
}
