/** What has been added to a distribution since the last time, as numbers, and back. */
import type { Distribution, DistributionSnapshot } from '../distribution.js';
import { difference } from '../read/rounding.js';
import type { Numbers } from './changes.js';

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
  write(distribution: Distribution, out: number[]): void {
    const { count, min, max, zeros } = distribution;
    const sum = difference(Math.min(distribution.sum, Number.MAX_VALUE), this.#sum);
    out.push(count - this.#count, sum, min, max, zeros - this.#zeros);
    this.#count = count;
    this.#sum += sum;
    this.#zeros = zeros;
    this.#writeClassic(distribution, out);
    this.#writeFine(distribution, out);
  }

  #writeClassic(distribution: Distribution, out: number[]): void {
    const before = this.#buckets;
    const length = distribution.bounds.length + 1;
    while (before.length < length) before.push(0);
    let start = 0;
    let end = length;
    while (start < end && distribution.valuesInBucket(start) === before[start]) start += 1;
    while (end > start && distribution.valuesInBucket(end - 1) === before[end - 1]) end -= 1;
    out.push(start, end - start);
    for (let bucket = start; bucket < end; bucket += 1) {
      const now = distribution.valuesInBucket(bucket);
      out.push(now - (before[bucket] as number));
      before[bucket] = now;
    }
  }

  #writeFine({ fine, fineOffset }: Distribution, out: number[]): void {
    if (this.#fine.length !== fine.length || this.#fineOffset !== fineOffset) this.#cover(fine.length, fineOffset);
    const before = this.#fine;
    // Few of them change at a time, in a wide range.
    const countAt = out.length;
    out.push(0);
    for (let position = 0; position < fine.length; position += 1) {
      const now = fine[position] as number;
      const amount = now - (before[position] as number);
      if (amount === 0) continue;
      out.push(fineOffset + position, amount);
      before[position] = now;
    }
    out[countAt] = out.length - countAt - 1;
  }

  /** The range of a distribution only grows. */
  #cover(length: number, offset: number): void {
    const wider = new Array<number>(length).fill(0);
    for (const [position, amount] of this.#fine.entries()) wider[position + this.#fineOffset - offset] = amount;
    this.#fine = wider;
    this.#fineOffset = offset;
  }
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
