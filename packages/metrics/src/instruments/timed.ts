/** What gauges, histograms and summaries share: timers, whose seconds become a value of a series. */
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

/** Ends a timer; the seconds that it took are returned, and recorded with these labels beside those of its start. */
export type EndTimer = (labels?: Readonly<Record<string, LabelValue | undefined>> | null) => number;

/** One label set of a metric that times. */
export abstract class TimedSeries implements Series {
  exposedLabels: string | undefined = undefined;
  holder: SeriesHolder | undefined = undefined;

  constructor(
    public labelValues: readonly string[],
    protected readonly instrument: TimedInstrument,
  ) {}

  /** Starts a timer; calling what it returns, further labels with it, records the seconds since, and returns them. */
  get startTimer(): () => EndTimer {
    return ownMethod(this, 'startTimer', () => this.instrument.timerOf(this));
  }

  /** Runs work and records how many seconds it took, until it settles where it gives a native promise; result and error pass through. */
  get time(): <R>(work: () => R) => R {
    return ownMethod(this, 'time', <R>(work: () => R) => measured(work, this.startTimer()));
  }

  /** @internal What `observe` and `set` do, without a closure for each series. */
  abstract record(value: number, options?: RecordOptions): void;
  abstract reset(): void;
}

/** A metric whose values may be durations. */
export abstract class TimedInstrument<L extends string = string, S extends TimedSeries = TimedSeries> extends LabelledInstrument<L, S> {
  /** Starts a timer; calling what it returns records the seconds since, and returns them. Labels may be given at either end. */
  startTimer(labels: SomeLabels<L> = {}): (labels?: SomeLabels<L>) => number {
    return this.timer(labels);
  }

  /**
   * Runs work and records how many seconds it took: `time(work)`, `time({ queue: 'mail' }, work)`. Where it gives a native promise, until that
   * has settled. Result and error pass through.
   */
  time<R>(...args: WithLabels<L, [work: () => R]>): R;
  time<R>(...args: readonly unknown[]): R {
    const [labels, work] = labelsAndWork<SomeLabels<L>, () => R>(args);
    return measured(work, this.startTimer(labels));
  }

  /** @internal A timer of one of its series. Labels that are given at its end win over those of the series. */
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
