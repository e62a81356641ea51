/** Records calls for observers. Where a method has none, the series is its recorder, and none of this is on its way. */
import type { Clock } from '@tsukimi/metrics';
import type { CallObserver, CallRecorder } from './call-recorder.js';
import type { CallSeries } from './call-series.js';
import { nanoseconds } from './nanoseconds.js';
import { requireStackRoom } from './stack-room.js';

interface ObservedCallsOptions {
  readonly clock: Clock;
  /** The method's own series; undefined where its component is not measured. */
  readonly series: CallSeries | undefined;
  readonly observers: readonly CallObserver[];
}

/** The calls of one method, seen by its series and its observers, with one reading of the clock for all. */
export class ObservedCalls implements CallRecorder {
  readonly clock: Clock;
  readonly begins: Clock;
  readonly #series: CallSeries | undefined;
  readonly #observers: readonly CallObserver[];

  constructor({ clock, series, observers }: ObservedCallsOptions) {
    this.clock = clock;
    this.#series = series;
    this.#observers = observers;
    const waiting = observers.filter(({ began }) => began !== undefined);
    this.begins =
      waiting.length === 0
        ? clock
        : () => {
            for (const observer of waiting) observer.began?.();
            return clock();
          };
  }

  succeeded(start: number): void {
    this.succeededWithin(start, nanoseconds(this.clock()));
  }

  succeededWithin(start: number, end: number): void {
    this.#series?.succeededWithin(start, end);
    for (const observer of this.#observers) observer.ended((end - start) * 1e-9, false);
  }

  failed(start: number): void {
    requireStackRoom();
    const end = nanoseconds(this.clock());
    this.#series?.failedWithin(start, end);
    for (const observer of this.#observers) observer.ended((end - start) * 1e-9, true);
  }
}
