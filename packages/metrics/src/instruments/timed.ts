/** The timers of gauges, histograms and summaries, which record seconds. */
import { secondsBetween } from '../clock.js';
import type { RecordOptions } from '../exemplar.js';
import { labelsOf } from '../label-sets.js';
import type { LabelValue, SomeLabels, WithLabels } from '../label-types.js';
import type { SeriesHolder } from '../series-holder.js';
import { ownMethod } from './detached-methods.js';
import type { Series } from './instrument.js';
import { LabelledInstrument } from './labelled-instrument.js';
import { labelsAndWork, measured } from './measured-work.js';

export type ExemplarLabels = NonNullable<RecordOptions['exemplar']>;

/** Ends a timer: records the elapsed seconds, with these labels and those of its start, and returns them. */
export type EndTimer = (labels?: Readonly<Record<string, LabelValue | undefined>> | null) => number;

/** One label set of a metric with timers. */
export abstract class TimedSeries implements Series {
  exposedLabels: string | undefined = undefined;
  holder: SeriesHolder | undefined = undefined;

  constructor(
    public labelValues: readonly string[],
    protected readonly instrument: TimedInstrument,
  ) {}

  /** Starts a timer, and returns a function that ends it: the function takes further labels, records the elapsed seconds and returns them. */
  get startTimer(): () => EndTimer {
    return ownMethod(this, 'startTimer', () => this.instrument.timerOf(this));
  }

  /** Runs a function and records its duration in seconds; if it returns a native promise, until that settles. Returns its result, or throws its error. */
  get time(): <R>(work: () => R) => R {
    return ownMethod(this, 'time', <R>(work: () => R) => measured(work, this.startTimer()));
  }

  /** @internal The implementation of `observe` and `set`, which needs no closure for each series. */
  abstract record(value: number, options?: RecordOptions): void;
  abstract reset(): void;
}

/** A metric with timers. */
export abstract class TimedInstrument<L extends string = string, S extends TimedSeries = TimedSeries> extends LabelledInstrument<L, S> {
  /** Starts a timer, and returns a function that ends it: the function records the elapsed seconds and returns them. Labels can be passed to both. */
  startTimer(labels: SomeLabels<L> = {}): (labels?: SomeLabels<L>) => number {
    return this.timer(labels);
  }

  /**
   * Runs a function and records its duration in seconds: `time(work)`, `time({ queue: 'mail' }, work)`. If the function returns a native promise,
   * until that settles. Returns its result, or throws its error.
   */
  time<R>(...args: WithLabels<L, [work: () => R]>): R;
  time<R>(...args: readonly unknown[]): R {
    const [labels, work] = labelsAndWork<SomeLabels<L>, () => R>(args);
    return measured(work, this.startTimer(labels));
  }

  /** @internal Starts a timer of a series. Labels at its end override those of the series. */
  timerOf(series: TimedSeries): EndTimer {
    const start = this.host.timerClock();
    return (more) => {
      const seconds = secondsBetween(start, this.host.timerClock());
      const recorded = hasAny(more) ? this.seriesOf({ ...labelsOf(this.labelNames, series), ...more }) : series;
      recorded?.record(seconds);
      return seconds;
    };
  }

  protected timer(labels: SomeLabels<L>, exemplar?: ExemplarLabels): (labels?: SomeLabels<L>, exemplar?: ExemplarLabels) => number {
    const first = { ...labels };
    const start = this.host.timerClock();
    return (more = {}, moreExemplar) => {
      const seconds = secondsBetween(start, this.host.timerClock());
      const options = (exemplar ?? moreExemplar) === undefined ? undefined : { exemplar: { ...exemplar, ...moreExemplar } };
      this.seriesOf({ ...first, ...more })?.record(seconds, options);
      return seconds;
    };
  }
}

function hasAny(labels: object | null | undefined): boolean {
  for (const _ in labels) return true;
  return false;
}
