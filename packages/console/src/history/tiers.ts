/** Frames of three lengths, in a fixed number of bytes: the oldest of the finest go first. */
import { bytesOf, type Frame, FrameBuilder, positionOf } from './frame.js';

/** Frames of one length. */
interface Tier {
  /** The length of a frame, in seconds; 0 is one sample. */
  readonly seconds: number;
  /** The most frames that are kept, also if there is room for more. */
  readonly most: number;
  /** Frames that are kept although there is no room: the next tier is made of them. */
  readonly least: number;
  readonly frames: Frame[];
  /** The values of gauges before the first frame. */
  readonly before: Map<number, number>;
  bytes: number;
}

const MINUTE = 60;
const DECADE = 10;

/** How many seconds and minutes are kept if there is room. */
const MOST_SAMPLES = 900;
const MOST_DECADES = 720;
const MOST_MINUTES = 720;

/** The last quarter of an hour, which is kept as long as there is any room. */
const LEAST_MINUTES = 16;

export class Tiers {
  readonly #tiers: readonly [Tier, Tier, Tier] = [
    { seconds: 0, most: MOST_SAMPLES, least: 2 * DECADE, frames: [], before: new Map(), bytes: 0 },
    { seconds: DECADE, most: MOST_DECADES, least: 12, frames: [], before: new Map(), bytes: 0 },
    { seconds: MINUTE, most: MOST_MINUTES, least: LEAST_MINUTES, frames: [], before: new Map(), bytes: 0 },
  ];
  readonly #builder = new FrameBuilder();

  constructor(
    readonly maxBytes: number,
    /** Whether a scalar is an increase, or a value. */
    private readonly isIncrease: (id: number) => boolean,
  ) {}

  get bytes(): number {
    return this.#tiers.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** Undefined before the first frame. */
  get newest(): Frame | undefined {
    return this.#tiers[0].frames.at(-1);
  }

  get oldest(): number | undefined {
    const starts = this.#tiers.flatMap(({ frames }) => frames[0]?.from ?? []);
    return starts.length === 0 ? undefined : Math.min(...starts);
  }

  add(frame: Frame): void {
    const [samples, decades, minutes] = this.#tiers;
    this.#push(samples, frame);
    if (endsPeriod(frame, DECADE)) {
      this.#push(decades, this.#joined(samples, frame.to));
      if (endsPeriod(frame, MINUTE)) this.#push(minutes, this.#joined(decades, frame.to));
    }
    for (const tier of this.#tiers) while (tier.frames.length > tier.most) this.#dropOldest(tier);
    this.#thin();
  }

  clear(): void {
    for (const tier of this.#tiers) {
      tier.frames.length = 0;
      tier.before.clear();
      tier.bytes = 0;
    }
  }

  /**
   * The frames that cover a time, one after the other, as long as possible but not longer than `longest` seconds, unless only longer ones are left.
   * The first and the last may reach beyond it.
   */
  cover(from: number, to: number, longest = Number.POSITIVE_INFINITY): Frame[] {
    const found: Frame[] = [];
    let at = Math.max(from, this.oldest ?? from);
    while (at < to) {
      const next = this.#longestFrom(at, to, longest);
      if (next === undefined) break;
      found.push(next);
      at = next.to;
    }
    return found;
  }

  /** The value of a gauge at the beginning of a frame that `cover` returned; undefined if it had none. */
  valueBefore(frame: Frame, id: number): number | undefined {
    const tier = this.#tiers.find(({ frames }) => frames[indexFrom(frames, frame.from)] === frame);
    if (tier === undefined) return undefined;
    for (let index = indexFrom(tier.frames, frame.from) - 1; index >= 0; index -= 1) {
      const { scalarIds, scalars } = tier.frames[index] as Frame;
      const position = positionOf(scalarIds, id);
      if (position >= 0) return scalars[position];
    }
    return tier.before.get(id);
  }

  /** Drops what is known of a series beside the frames. */
  forget(id: number): void {
    for (const { before } of this.#tiers) before.delete(id);
  }

  /** The longest frame that has `at` and is not too long; the shortest that there is, if all are too long. */
  #longestFrom(at: number, to: number, longest: number): Frame | undefined {
    let shortest: Frame | undefined;
    let best: Frame | undefined;
    for (const { seconds, frames } of this.#tiers) {
      const frame = frames[indexFrom(frames, at)];
      if (frame === undefined || frame.from > at + 1e-6) continue;
      // A frame that began earlier would bring what was before.
      const isWhole = frame.from >= at - 1e-6;
      shortest ??= frame;
      if (seconds <= longest && isWhole && frame.to <= to + 1e-6) best = frame;
    }
    return best ?? shortest;
  }

  #push(tier: Tier, frame: Frame): void {
    tier.frames.push(frame);
    tier.bytes += bytesOf(frame);
  }

  /** Joins what a tier has since the last frame of the next one. */
  #joined(tier: Tier, to: number): Frame {
    const next = this.#tiers[this.#tiers.indexOf(tier as never) + 1] as Tier;
    const since = next.frames.at(-1)?.to ?? Number.NEGATIVE_INFINITY;
    const parts = tier.frames.filter(({ from }) => from >= since - 1e-6);
    for (const part of parts) this.#builder.add(part, this.isIncrease);
    return this.#builder.build(parts[0]?.from ?? to, to);
  }

  #thin(): void {
    for (const tier of this.#tiers) {
      while (this.bytes > this.maxBytes && tier.frames.length > tier.least) this.#dropOldest(tier);
    }
    // So many series that not even the last minutes have room.
    const minutes = this.#tiers[2];
    while (this.bytes > this.maxBytes && minutes.frames.length > 1) this.#dropOldest(minutes);
  }

  #dropOldest(tier: Tier): void {
    const frame = tier.frames.shift();
    if (frame === undefined) return;
    tier.bytes -= bytesOf(frame);
    const { scalarIds, scalars } = frame;
    for (let position = 0; position < scalarIds.length; position += 1) {
      const id = scalarIds[position] as number;
      if (!this.isIncrease(id)) tier.before.set(id, scalars[position] as number);
    }
  }
}

/** Whether a frame reaches into the next period of the clock. */
function endsPeriod({ from, to }: Frame, seconds: number): boolean {
  return Math.floor(to / seconds) > Math.floor(from / seconds);
}

/** The first frame that ends after a time. */
function indexFrom(frames: readonly Frame[], at: number): number {
  let low = 0;
  let high = frames.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((frames[middle] as Frame).to > at + 1e-6) high = middle;
    else low = middle + 1;
  }
  return low;
}
