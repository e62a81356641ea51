/** The calls of one component: its methods, each with its series. */
import type { Clock, Counter, Histogram, MetricsRegistry, SeriesHolder } from '@tsukimi/metrics';
import { CATALOGUE } from '../../catalogue.js';
import { reporting } from '../../kept-series.js';
import { ownCount, ownDistribution } from '../../own-counts.js';
import { CallSeries, type MethodSeries } from './call-series.js';

/** The metrics that every call is recorded in. */
export class CallMetrics {
  readonly clock: Clock;
  #calls: Counter<'component' | 'method' | 'status'>;
  #durations: Histogram<'component' | 'method'>;

  constructor(readonly registry: MetricsRegistry) {
    this.clock = registry.clock;
    this.#calls = registry.counter(CATALOGUE.componentCalls);
    this.#durations = registry.histogram(CATALOGUE.componentDuration);
  }

  /** The three series of a method. Where one of them has no room in the budget, all three go where the overflow goes. */
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

  // Being asked for a metric makes a registry compare shapes: only where it no longer has the one that is known.
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

/** All methods of one component that are measured. */
export class ComponentCalls {
  readonly methods = new Map<string, CallSeries>();

  constructor(
    readonly component: string,
    readonly kind: string,
    private readonly metrics: CallMetrics,
  ) {}

  /**
   * The series of a method, made when the first instance with it is wired, so that it is exposed before its first call.
   * @param isAwaited whether its series are made with its first call instead
   */
  seriesOf(method: string, isAwaited: boolean): CallSeries {
    const known = this.methods.get(method);
    if (known !== undefined) return known;
    const series = new CallSeries({ method, clock: this.metrics.clock, open: this.#open, reopen: this.#reopen, isAwaited });
    this.methods.set(method, series);
    return series;
  }

  // One for all methods.
  readonly #open = (method: string, holder: SeriesHolder) => this.metrics.open(this.component, method, holder);
  readonly #reopen = (method: string, holder: SeriesHolder) =>
    reporting(this.metrics.registry, () => this.metrics.open(this.component, method, holder));
}
