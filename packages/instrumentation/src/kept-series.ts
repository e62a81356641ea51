/** Series that are looked up once and come back with the next recording, after a registry was cleared, a series removed or metrics reset. */
import { type CounterSeries, type GaugeSeries, holdSeries, MetricError, type MetricsRegistry, type SeriesHolder } from '@tsukimi/metrics';

/** Something that is recorded in: found at once, and found again when what it stood for was forgotten. */
export class Kept<T> implements SeriesHolder {
  #found: T | undefined;

  /**
   * @param find makes what is asked for, and gives its series to `holdSeries` together with the holder
   * @throws what `find` throws, now: when it comes back, an error is reported
   */
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly find: (holder: SeriesHolder) => T,
  ) {
    this.#found = find(this);
  }

  /** Undefined if it can't come back: its name was given to another metric. */
  get now(): T | undefined {
    return this.#found ?? this.#findAgain();
  }

  /** What there is without looking for it again. */
  get known(): T | undefined {
    return this.#found;
  }

  forgotten(): void {
    this.#found = undefined;
  }

  #findAgain(): T | undefined {
    this.#found = reporting(this.registry, () => this.find(this));
    return this.#found;
  }
}

/** Makes metrics while the program runs: what is wrong with them is reported, and thrown nowhere. */
export function reporting<T>(registry: MetricsRegistry, make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof MetricError)) throw error;
    registry.refused('tsukimi', error.code, () => error);
    return undefined;
  }
}

/** The events of a counter's label set. */
export function keptCounter(registry: MetricsRegistry, find: () => CounterSeries): { inc(): void } {
  const kept = new Kept(registry, (holder) => holdSeries(find(), holder));
  return { inc: () => kept.now?.add(1) };
}

/** How many of something there are at the moment: a gauge that comes back has those that began before. */
export class RunningCount {
  readonly #series: Kept<GaugeSeries>;
  #running = 0;

  constructor(registry: MetricsRegistry, find: () => GaugeSeries) {
    this.#series = new Kept(registry, (holder) => {
      const series = holdSeries(find(), holder);
      series.add(this.#running);
      return series;
    });
  }

  /** Of those that were counted here. */
  get running(): number {
    return this.#running;
  }

  began(): void {
    const series = this.#series.known;
    this.#running += 1;
    if (series === undefined) this.#comeBack();
    else series.add(1);
  }

  ended(): void {
    const series = this.#series.known;
    this.#running -= 1;
    if (series === undefined) this.#comeBack();
    else series.take(1);
  }

  #comeBack(): void {
    void this.#series.now;
  }
}
