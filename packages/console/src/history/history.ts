/** The last minutes of a registry, in memory: sampled once a second, whether or not anyone looks. */
import { DeltaReader, type LeaveOut, type MetricFamily, type MetricPoint, type MetricsRegistry, numberOf } from '@tsukimi/metrics';
import type { BucketCounts } from './bucket-counts.js';
import { FrameBuilder } from './frame.js';
import { isIncrease, type KnownSeries, SeriesIndex } from './series-index.js';
import { Tiers } from './tiers.js';

/** The time, in seconds since 1970. */
export type WallClock = () => number;

export interface HistoryOptions {
  readonly registry: MetricsRegistry;
  readonly clock: WallClock;
  /**
   * Of the frames. What is known of the series comes on top: about 2 kB for each.
   * @default 12 MiB
   */
  readonly maxBytes?: number;
  /** Metrics that are read with every fifth sample only. */
  readonly isExpensive?: LeaveOut;
}

/** With 1,000 series, 16 MB in all. */
const MAX_BYTES = 12 * 2 ** 20;

/** Samples from one to the next in which everything is read. */
const ALL_EVERY = 5;

/** More series than that are only kept while something of them is in the history. */
const MOST_IDLE_SERIES = 10_000;

export class History {
  readonly index = new SeriesIndex();
  readonly tiers: Tiers;
  readonly #reader: DeltaReader;
  readonly #clock: WallClock;
  readonly #isExpensive: LeaveOut | undefined;
  readonly #builder = new FrameBuilder();
  #samples = 0;
  /** The end of the last sample. */
  #at: number | undefined;
  #running: Promise<void> | undefined;

  constructor({ registry, clock, maxBytes = MAX_BYTES, isExpensive }: HistoryOptions) {
    this.#reader = new DeltaReader(registry);
    this.#clock = clock;
    this.#isExpensive = isExpensive;
    this.tiers = new Tiers(maxBytes, (id) => isIncrease(this.index.of(id)?.family.type ?? 'counter'));
  }

  /** The time of the last sample; of now before the first. */
  get newest(): number {
    return this.#at ?? this.#clock();
  }

  get oldest(): number {
    return this.tiers.oldest ?? this.newest;
  }

  /**
   * Takes a sample. One that comes while another is being taken is the same.
   * @param readsAll whether expensive metrics are read too; by default with every fifth sample, and not with the first, which is taken at the start
   */
  sample(readsAll = this.#samples % ALL_EVERY === ALL_EVERY - 1): Promise<void> {
    this.#running ??= this.#sample(readsAll).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  close(): void {
    this.#reader.close();
  }

  async #sample(readsAll: boolean): Promise<void> {
    const { families } = await this.#reader.read({ leaveOut: readsAll ? undefined : this.#isExpensive });
    const now = this.#clock();
    const from = this.#at;
    const isFirst = from === undefined;
    for (const family of families) this.#take(family, { now, isFirst });
    this.#at = now;
    this.#samples += 1;
    if (isFirst || now <= from) {
      // The clock was put back: what was before can't be told in order any more.
      if (!isFirst) this.tiers.clear();
      this.#builder.build(now, now);
      this.#keepValues();
      return;
    }
    this.tiers.add(this.#builder.build(from, now));
    if (this.index.size > MOST_IDLE_SERIES) this.#forgetIdle();
  }

  /** What had been recorded before the first sample is in no frame, but values go on. */
  #keepValues(): void {
    for (const { id, family, value } of this.index.all) if (isValue(family.type)) this.#builder.set(id, value);
  }

  #take(family: MetricFamily, { now, isFirst }: { readonly now: number; readonly isFirst: boolean }): void {
    const known = this.index.familyOf(family);
    for (const point of family.points) {
      const series = this.index.seriesOf(known, point.labels, family);
      series.changedAt = now;
      this.#record(series, point, isFirst);
    }
    const removed = 'removed' in family ? (family.removed ?? []) : [];
    for (const labels of removed) {
      const series = this.index.known(family.name, labels);
      if (series === undefined) continue;
      series.value = Number.NaN;
      series.changedAt = now;
      this.#builder.set(series.id, Number.NaN);
    }
  }

  #record(series: KnownSeries, point: MetricPoint, isFirst: boolean): void {
    const { family, id } = series;
    if ('buckets' in point && family.type === 'histogram') {
      series.value += point.count;
      series.sum += point.sum;
      if (!isFirst && point.count > 0) addHistogram(this.#builder.distribution(id), point);
    } else if ('quantiles' in point) {
      series.value += point.count;
      series.sum += point.sum;
      series.quantiles = point.quantiles.map(({ quantile, value }) => ({ quantile, value: numberOf(value) }));
      if (isFirst || point.count === 0) return;
      const counts = this.#builder.distribution(id);
      counts.count += point.count;
      counts.sum += point.sum;
    } else if (family.type === 'counter' && 'value' in point) {
      series.value += numberOf(point.value);
      if (!isFirst) this.#builder.increase(id, numberOf(point.value));
    } else {
      series.value = numberFor(series, point);
      this.#builder.set(id, series.value);
    }
  }

  #forgetIdle(): void {
    const { oldest } = this;
    for (const series of [...this.index.all]) {
      const isGone = !isValue(series.family.type) || Number.isNaN(series.value);
      if (!isGone || series.changedAt >= oldest) continue;
      this.tiers.forget(series.id);
      this.index.forget(series);
      if (this.index.size <= MOST_IDLE_SERIES) return;
    }
  }
}

function isValue(type: MetricFamily['type']): boolean {
  return type !== 'counter' && type !== 'histogram' && type !== 'summary';
}

function addHistogram(to: BucketCounts, { count, sum, buckets, fine }: Extract<MetricPoint, { buckets: unknown }>): void {
  to.count += count;
  to.sum += sum;
  if (fine === undefined) {
    for (let index = 0; index < buckets.length; index += 1) if ((buckets[index] as number) > 0) to.add(index, buckets[index] as number);
    return;
  }
  to.zeros += fine.zeros;
  for (let position = 0; position < fine.counts.length; position += 1) {
    const amount = fine.counts[position] as number;
    if (amount > 0) to.add(fine.offset + position, amount);
  }
}

/** A number for everything that is no count: of a state set the place of its state, -1 without one; of an info 1. */
function numberFor({ family }: KnownSeries, point: MetricPoint): number {
  if ('active' in point) return point.active.length === 0 ? -1 : family.states.indexOf(point.active[0] as string);
  if ('value' in point) return numberOf(point.value);
  if ('count' in point) return point.count;
  return 1;
}
