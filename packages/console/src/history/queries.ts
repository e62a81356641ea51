/** What is asked of the history: sums over a range, and values over time. */
import { BucketCounts } from './bucket-counts.js';
import { addDistribution, type Frame, positionOf } from './frame.js';
import type { History } from './history.js';
import type { KnownSeries } from './series-index.js';

/** The frames of a range. */
export interface Range {
  readonly from: number;
  readonly to: number;
  readonly frames: readonly Frame[];
}

export function rangeOf({ tiers, newest }: History, { from, to, longest }: { from: number; to: number; longest?: number }): Range {
  const frames = tiers.cover(from, Math.min(to, newest), longest);
  return { from: frames[0]?.from ?? Math.min(from, newest), to: frames.at(-1)?.to ?? Math.min(to, newest), frames };
}

export function secondsOf({ from, to }: Range): number {
  return Math.max(to - from, 0);
}

/** The increases in a range of everything that has changed in it. */
export class RangeSums {
  readonly #increases: Float64Array;
  readonly #distributions: (BucketCounts | undefined)[] = [];

  constructor({ frames }: Range, history: History) {
    const most = frames.reduce((highest, { scalarIds }) => Math.max(highest, scalarIds.at(-1) ?? -1), -1);
    this.#increases = new Float64Array(most + 1);
    for (const { scalarIds, scalars } of frames) {
      for (let position = 0; position < scalarIds.length; position += 1) {
        const id = scalarIds[position] as number;
        this.#increases[id] = (this.#increases[id] as number) + (scalars[position] as number);
      }
    }
    for (const frame of frames) {
      for (let position = 0; position < frame.distributionIds.length; position += 1) {
        const id = frame.distributionIds[position] as number;
        let counts = this.#distributions[id];
        if (counts === undefined) {
          counts = new BucketCounts(history.index.of(id)?.scale);
          this.#distributions[id] = counts;
        }
        addDistribution(frame, position, counts);
      }
    }
  }

  /** Of a counter; of a histogram or summary the number of values. */
  increase({ id }: KnownSeries): number {
    return this.#distributions[id]?.count ?? this.#increases[id] ?? 0;
  }

  /** Of a histogram or summary; undefined if nothing was recorded. */
  distribution({ id }: KnownSeries): BucketCounts | undefined {
    return this.#distributions[id];
  }
}

export function distributionIn({ frames }: Range, series: readonly KnownSeries[]): BucketCounts {
  const all = new BucketCounts(series[0]?.scale);
  for (const frame of frames) addAll(frame, series, all);
  return all;
}

export function increaseIn({ frames }: Range, series: readonly KnownSeries[]): number {
  let sum = 0;
  for (const frame of frames) sum += increaseOf(frame, series);
  return sum;
}

/** A step of time, with the frames that it has. */
export interface Step {
  /** The end. */
  readonly at: number;
  readonly seconds: number;
  readonly frames: readonly Frame[];
}

const LATE = 0.2;

function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/**
 * Divides a range into steps, whose ends are multiples of their length, but the last, which has just begun. Where the history has only longer frames,
 * the steps are as long as those.
 */
export function stepsOf({ frames }: Range, step: number): Step[] {
  const steps: { at: number; from: number; to: number; frames: Frame[] }[] = [];
  for (const frame of frames) {
    // A sample is taken a little after the second that it is for.
    const at = rounded(Math.ceil((frame.to - Math.min(LATE, step / 2)) / step) * step);
    const last = steps.at(-1);
    if (last?.at === at) {
      last.frames.push(frame);
      last.to = frame.to;
    } else steps.push({ at, from: frame.from, to: frame.to, frames: [frame] });
  }
  return steps.map(({ at, from, to, frames: all }) => ({ at, seconds: to - from, frames: all }));
}

export function rateIn({ frames, seconds }: Step, series: readonly KnownSeries[]): number {
  if (seconds <= 0) return 0;
  return frames.reduce((sum, frame) => sum + increaseOf(frame, series), 0) / seconds;
}

export function countsIn({ frames }: Step, series: readonly KnownSeries[]): BucketCounts {
  const all = new BucketCounts(series[0]?.scale);
  for (const frame of frames) addAll(frame, series, all);
  return all;
}

/** The values of a gauge at the ends of steps; null where there is none. */
export function valuesAt(history: History, steps: readonly Step[], series: KnownSeries): (number | null)[] {
  const first = steps[0]?.frames[0];
  let value = first === undefined ? undefined : history.tiers.valueBefore(first, series.id);
  return steps.map(({ frames }) => {
    for (const { scalarIds, scalars } of frames) {
      const position = positionOf(scalarIds, series.id);
      if (position >= 0) value = scalars[position];
    }
    return value === undefined || !Number.isFinite(value) ? null : value;
  });
}

function increaseOf({ scalarIds, scalars, distributionIds, counts }: Frame, series: readonly KnownSeries[]): number {
  let sum = 0;
  for (const { id, family } of series) {
    const isScalar = family.type === 'counter';
    const position = positionOf(isScalar ? scalarIds : distributionIds, id);
    if (position >= 0) sum += (isScalar ? scalars : counts)[position] as number;
  }
  return sum;
}

function addAll(frame: Frame, series: readonly KnownSeries[], to: BucketCounts): void {
  for (const { id } of series) {
    const position = positionOf(frame.distributionIds, id);
    if (position >= 0) addDistribution(frame, position, to);
  }
}
