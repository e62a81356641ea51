/** What the series of a route and of a method have in common; their own counts where the series takes everything past the budget of label sets. */
import {
  type Clock,
  type CounterSeries,
  Distribution,
  type HistogramSeries,
  holdSeries,
  isOverflow,
  nanoseconds,
  type SeriesHolder,
} from '@tsukimi/metrics';

/** The number of events. */
export interface Count {
  readonly value: number;
  add(amount: number): void;
}

/**
 * Returns what a route or method counts in: its series, or a separate count if the series is shared with others.
 *
 * This is decided when things are wired. A series that is not shared is returned unchanged, so that recording costs nothing more.
 * The holder is notified when the series is removed.
 */
export function ownCount(series: CounterSeries, holder: SeriesHolder): Count {
  holdSeries(series, holder);
  return isOverflow(series.labelValues) ? new CountBesideSeries(series) : series;
}

/** Like `ownCount`, for durations. */
export function ownDistribution(series: HistogramSeries, holder: SeriesHolder): Distribution {
  holdSeries(series, holder);
  return isOverflow(series.labelValues) ? new DistributionBesideSeries(series.distribution) : series.distribution;
}

class CountBesideSeries implements Count {
  value = 0;

  constructor(private readonly series: CounterSeries) {}

  add(amount: number): void {
    this.value += amount;
    this.series.add(amount);
  }
}

class DistributionBesideSeries extends Distribution {
  constructor(private readonly shared: Distribution) {
    super(shared.bounds);
  }

  override record(value: number): void {
    super.record(value);
    this.shared.record(value);
  }
}

/** The distribution of what was never timed. */
export const NOTHING_TIMED = new Distribution([1]);

/**
 * When something ended, by the wall clock; told from the monotonic one, so that recording reads no second clock.
 * @param nanosecondsOfClock a reading of the clock; NaN where nothing has ended
 */
export function wallTimeOf(nanosecondsOfClock: number, clock: Clock): Date | undefined {
  if (Number.isNaN(nanosecondsOfClock)) return undefined;
  return new Date(Date.now() - (nanoseconds(clock()) - nanosecondsOfClock) / 1e6);
}
