/** The measured methods of a component, with their series. */
import type { SpanIds } from '@tsukimi/core';
import { type Clock, type Counter, exemplarOfTrace, type Histogram, type MetricsRegistry, type SeriesHolder } from '@tsukimi/metrics';
import { CATALOGUE } from '../../catalogue.js';
import { KeptExemplars } from '../../exemplars.js';
import { reporting } from '../../kept-series.js';
import { ownCount, ownDistribution } from '../../own-counts.js';
import { CallSeries, type MethodSeries } from './call-series.js';
import { FailuresByError } from './failures-by-error.js';

/** The metrics in which all calls are recorded. */
export class CallMetrics {
  readonly clock: Clock;
  #calls: Counter<'component' | 'method' | 'status'>;
  #durations: Histogram<'component' | 'method'>;

  constructor(readonly registry: MetricsRegistry) {
    this.clock = registry.clock;
    this.#calls = registry.counter(CATALOGUE.componentCalls);
    this.#durations = registry.histogram(CATALOGUE.componentDuration);
    registry.counter(CATALOGUE.componentFailures);
  }

  /** Returns the three series of a method. If one of them exceeds the limit of series, all three are the overflow series. */
  open(component: string, method: string, holder: SeriesHolder): MethodSeries {
    const calls = this.#currentCalls();
    const durations = this.#currentDurations();
    const success = { component, method, status: 'success' };
    const failure = { component, method, status: 'failure' };
    const duration = { component, method };
    const hasRoom = calls.hasRoomFor([success, failure]) && durations.hasRoomFor([duration]);
    return {
      successes: ownCount(hasRoom ? calls.labels(success) : calls.overflowSeries(), holder),
      failures: ownCount(hasRoom ? calls.labels(failure) : calls.overflowSeries(), holder),
      distribution: ownDistribution(hasRoom ? durations.labels(duration) : durations.overflowSeries(), holder),
    };
  }

  exemplarsOf(component: string, method: string): KeptExemplars {
    const labels = { component, method };
    return new KeptExemplars(this.registry, () => this.#currentDurations().labels(labels));
  }

  // A registry compares shapes when it is asked for a metric, so ask only if it no longer has the known one.
  #currentCalls() {
    const { registry } = this;
    if ((registry.getSingleMetric(this.#calls.name) as unknown) !== this.#calls) this.#calls = registry.counter(CATALOGUE.componentCalls);
    return this.#calls;
  }

  #currentDurations() {
    const { registry } = this;
    if ((registry.getSingleMetric(this.#durations.name) as unknown) !== this.#durations)
      this.#durations = registry.histogram(CATALOGUE.componentDuration);
    return this.#durations;
  }
}

interface ComponentCallsOptions {
  readonly metrics: CallMetrics;
  /** Whether errors that methods throw are caught, to see their class. */
  readonly seesThrown: boolean;
}

/** All measured methods of one component. */
export class ComponentCalls {
  readonly methods = new Map<string, CallSeries>();

  constructor(
    readonly component: string,
    readonly kind: string,
    private readonly options: ComponentCallsOptions,
  ) {
    this.metrics = options.metrics;
  }

  private readonly metrics: CallMetrics;
  readonly #exemplars = new Map<string, KeptExemplars>();

  /** Keeps the exemplar of a call that was just recorded. */
  keepExemplar(method: string, seconds: number, span: SpanIds): void {
    let exemplars = this.#exemplars.get(method);
    if (exemplars === undefined) {
      exemplars = this.metrics.exemplarsOf(this.component, method);
      this.#exemplars.set(method, exemplars);
    }
    exemplars.keep(seconds, exemplarOfTrace(span.traceId, span.spanId));
  }

  /**
   * Returns the series of a method. They are created when the first instance is wired, so that they are exposed before the first call.
   * @param isAwaited whether the series are created with the first call instead
   */
  seriesOf(method: string, isAwaited: boolean): CallSeries {
    const known = this.methods.get(method);
    if (known !== undefined) return known;
    const series = new CallSeries({
      method,
      clock: this.metrics.clock,
      open: this.#open,
      reopen: this.#reopen,
      failuresByError: this.#failuresByError,
      isAwaited,
      wantsThrown: this.options.seesThrown,
    });
    this.methods.set(method, series);
    return series;
  }

  // Shared by all methods.
  readonly #open = (method: string, holder: SeriesHolder) => this.metrics.open(this.component, method, holder);
  readonly #failuresByError = (method: string) => new FailuresByError(this.metrics.registry, { component: this.component, method });
  readonly #reopen = (method: string, holder: SeriesHolder) =>
    reporting(this.metrics.registry, () => this.metrics.open(this.component, method, holder));
}
