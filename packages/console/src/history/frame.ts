/** What changed in one step of time, packed into a few typed arrays: what did not change takes no room. */
import { BucketCounts } from './bucket-counts.js';

/** One step. Series are known by small integers, ascending. */
export interface Frame {
  /** Seconds since 1970: after `from`, up to `to`. */
  readonly from: number;
  readonly to: number;
  /** Increases of counters; the last values of gauges, NaN if they are gone. */
  readonly scalarIds: Uint32Array;
  readonly scalars: Float64Array;
  /** Histograms and summaries. */
  readonly distributionIds: Uint32Array;
  readonly counts: Float64Array;
  readonly sums: Float64Array;
  /** Where the buckets of each begin in `buckets`. */
  readonly places: Uint32Array;
  readonly buckets: Uint8Array;
}

/** What an empty frame costs, besides its arrays. */
const HEAD_BYTES = 400;

export function bytesOf({ scalarIds, scalars, distributionIds, counts, sums, places, buckets }: Frame): number {
  const arrays = [scalarIds, scalars, distributionIds, counts, sums, places, buckets];
  return arrays.reduce((sum, { byteLength }) => sum + byteLength, HEAD_BYTES);
}

/** The position of a series in ascending ids; -1 if it is not there. */
export function positionOf(ids: Uint32Array, id: number): number {
  let low = 0;
  let high = ids.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    const found = ids[middle] as number;
    if (found === id) return middle;
    if (found < id) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Adds what a frame has of a distribution. */
export function addDistribution(frame: Frame, position: number, to: BucketCounts): void {
  to.count += frame.counts[position] as number;
  to.sum += frame.sums[position] as number;
  const reader = { bytes: frame.buckets, at: frame.places[position] as number };
  const end = frame.places[position + 1] ?? frame.buckets.length;
  if (reader.at >= end) return;
  to.zeros += readNumber(reader);
  let index = fromZigZag(readNumber(reader));
  while (reader.at < end) {
    to.add(index, readNumber(reader));
    if (reader.at < end) index += readNumber(reader);
  }
}

/** Collects what changed in a step. Used again for the next one, so that a sample allocates little. */
export class FrameBuilder {
  readonly #scalars = new Map<number, number>();
  readonly #distributions = new Map<number, BucketCounts>();
  #bytes = new Uint8Array(1024);
  #length = 0;

  /** Adds to an increase. */
  increase(id: number, amount: number): void {
    this.#scalars.set(id, (this.#scalars.get(id) ?? 0) + amount);
  }

  /** Replaces a value. */
  set(id: number, value: number): void {
    this.#scalars.set(id, value);
  }

  distribution(id: number): BucketCounts {
    let counts = this.#distributions.get(id);
    if (counts === undefined) {
      counts = new BucketCounts();
      this.#distributions.set(id, counts);
    }
    return counts;
  }

  /** Adds a whole frame, which is newer than what was added before. */
  add(frame: Frame, isIncrease: (id: number) => boolean): void {
    for (let position = 0; position < frame.scalarIds.length; position += 1) {
      const id = frame.scalarIds[position] as number;
      const value = frame.scalars[position] as number;
      if (isIncrease(id)) this.increase(id, value);
      else this.set(id, value);
    }
    for (let position = 0; position < frame.distributionIds.length; position += 1)
      addDistribution(frame, position, this.distribution(frame.distributionIds[position] as number));
  }

  /** Returns the frame, and forgets everything. */
  build(from: number, to: number): Frame {
    const scalarIds = Uint32Array.from(this.#scalars.keys()).sort();
    const distributionIds = Uint32Array.from(this.#distributions.keys()).sort();
    const places = new Uint32Array(distributionIds.length);
    this.#length = 0;
    for (const [position, id] of distributionIds.entries()) {
      places[position] = this.#length;
      this.#write(this.#distributions.get(id) as BucketCounts);
    }
    const frame: Frame = {
      from,
      to,
      scalarIds,
      scalars: Float64Array.from(scalarIds, (id) => this.#scalars.get(id) as number),
      distributionIds,
      counts: Float64Array.from(distributionIds, (id) => (this.#distributions.get(id) as BucketCounts).count),
      sums: Float64Array.from(distributionIds, (id) => (this.#distributions.get(id) as BucketCounts).sum),
      places,
      buckets: this.#bytes.slice(0, this.#length),
    };
    this.#scalars.clear();
    this.#distributions.clear();
    return frame;
  }

  /** Zeros, the index of the first bucket with values and its count, then for each further one its distance and its count. */
  #write({ zeros, offset, counts }: BucketCounts): void {
    let previous = -1;
    for (let position = 0; position < counts.length; position += 1) {
      const amount = counts[position] as number;
      if (amount <= 0) continue;
      if (previous < 0) {
        this.#number(zeros);
        this.#number(toZigZag(offset + position));
      } else this.#number(position - previous);
      this.#number(amount);
      previous = position;
    }
    if (previous < 0 && zeros > 0) {
      this.#number(zeros);
      this.#number(0);
    }
  }

  /** Seven bits in each byte, the lowest first; exact to 2^53. */
  #number(value: number): void {
    if (this.#length + 8 > this.#bytes.length) {
      const wider = new Uint8Array(this.#bytes.length * 2);
      wider.set(this.#bytes);
      this.#bytes = wider;
    }
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) + 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
  }
}

function readNumber(reader: { readonly bytes: Uint8Array; at: number }): number {
  let value = 0;
  let factor = 1;
  for (;;) {
    const byte = reader.bytes[reader.at++] as number;
    if (byte < 128) return value + byte * factor;
    value += (byte - 128) * factor;
    factor *= 128;
  }
}

function toZigZag(value: number): number {
  return value < 0 ? -2 * value - 1 : 2 * value;
}

function fromZigZag(value: number): number {
  return value % 2 === 1 ? -(value + 1) / 2 : value / 2;
}
