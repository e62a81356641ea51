/** Records calls for observers. Where a method has none, the series is its recorder, and none of this is on its way. */
import { type Clock, nanoseconds } from '@tsukimi/metrics';
import type { AnyFunction } from '../functions/method-kind.js';
import type { CallObserver, CallRecorder } from './call-recorder.js';
import type { CallSeries } from './call-series.js';
import { requireStackRoom } from './stack-room.js';

const { apply } = Reflect;

interface ObservedCallsOptions {
  readonly clock: Clock;
  /** The method's own series; undefined if its component is not measured. */
  readonly series: CallSeries | undefined;
  readonly observers: readonly CallObserver[];
}

/** The calls of one method, seen by its series and its observers, with one reading of the clock for all. */
export class ObservedCalls implements CallRecorder {
  readonly clock: Clock;
  readonly begins: Clock;
  readonly #series: CallSeries | undefined;
  readonly #observers: readonly CallObserver[];
  readonly #wantErrors: boolean;
  /** What was thrown last, until `failed` takes it: the very next thing that happens. */
  #thrown: unknown;

  constructor({ clock, series, observers }: ObservedCallsOptions) {
    this.clock = clock;
    this.#series = series;
    this.#observers = observers;
    this.#wantErrors = observers.some(({ wantsErrors }) => wantsErrors === true);
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
    for (const observer of this.#observers) observer.ended(end - start, false, undefined);
  }

  failed(start: number, reason: unknown = this.#takeThrown()): void {
    requireStackRoom();
    const end = nanoseconds(this.clock());
    this.#series?.failedWithin(start, end);
    for (const observer of this.#observers) observer.ended(end - start, true, reason);
  }

  noting(original: AnyFunction): AnyFunction {
    if (!this.#wantErrors) return original;
    const keep = (error: unknown): void => {
      this.#thrown = error;
    };
    return {
      method(this: unknown): unknown {
        try {
          // biome-ignore lint/complexity/noArguments: rest parameters would cost an array for each call.
          return apply(original, this, arguments);
        } catch (error) {
          keep(error);
          throw error;
        }
      },
    }.method;
  }

  #takeThrown(): unknown {
    const thrown = this.#thrown;
    this.#thrown = undefined;
    return thrown;
  }
}
