/** Series that are looked up once, and looked up again with the next recording after a registry was cleared, a series removed or metrics reset. */
import { type CounterSeries, type GaugeSeries, holdSeries, MetricError, type MetricsRegistry, type SeriesHolder } from '@tsukimi/metrics';

/** A kept target of recordings. It is looked up immediately, and again after its series was removed. */
export class Kept<T> implements SeriesHolder {
  #found: T | undefined;

  /**
   * @param find creates the target, and passes its series to `holdSeries` with the holder
   * @throws errors of `find` at the first look-up; later ones are reported
   */
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly find: (holder: SeriesHolder) => T,
  ) {
    this.#found = find(this);
  }

  /** The current target; undefined if it can't be created again, because its name belongs to another metric now. */
  get now(): T | undefined {
    return this.#found ?? this.#findAgain();
  }

  /** The current target, without looking it up again. */
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

/** Creates metrics while the program runs. Errors are reported, not thrown. */
export function reporting<T>(registry: MetricsRegistry, make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof MetricError)) throw error;
    registry.refused('tsukimi', error.code, () => error);
    return undefined;
  }
}

/** Keeps a series of a counter. */
export function keptCounter(registry: MetricsRegistry, find: () => CounterSeries): { inc(): void } {
  const kept = new Kept(registry, (holder) => holdSeries(find(), holder));
  return { inc: () => kept.now?.add(1) };
}

/** A current number of something in a gauge. If the gauge is created again, it includes those that began before. */
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

  /** The number that this object has counted. */
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
