/** The calls of one component: its methods, each with its series. */
import type { Clock, Counter, Histogram, MetricsRegistry } from '@tsukimi/metrics';
import { CATALOGUE } from '../catalogue.js';
import { ownCount, ownDistribution } from '../own-counts.js';
import { CallSeries } from './call-series.js';

/** A component as it is measured: what its series are labelled with, and which of its methods take part. */
export interface MeasuredComponent {
  /** Value of the `component` label. */
  readonly component: string;
  /** The role shown beside it: `service`, `repository`, `controller`, `object`. */
  readonly type: string;
  /** Whether a method is measured. */
  readonly includes: (method: string) => boolean;
  /** Whether a method counts for what its class asks for over all of its methods, whether or not it is measured otherwise. */
  readonly countsForClass: (method: string) => boolean;
}

/** The metrics that every call is recorded in: asked for once, since being asked makes a registry compare shapes. */
export interface CallMetrics {
  readonly clock: Clock;
  readonly calls: Counter<'component' | 'method' | 'status'>;
  readonly durations: Histogram<'component' | 'method'>;
}

export function callMetricsOf(registry: MetricsRegistry): CallMetrics {
  return {
    clock: registry.clock,
    calls: registry.counter(CATALOGUE.componentCalls),
    durations: registry.histogram(CATALOGUE.componentDuration),
  };
}

/** All methods of one component that are measured. */
export class ComponentCalls {
  readonly methods = new Map<string, CallSeries>();

  constructor(
    readonly component: string,
    readonly type: string,
    private readonly metrics: CallMetrics,
  ) {}

  /** The series of a method, made when the first instance with it is wired, so that it is exposed before its first call. */
  seriesOf(method: string): CallSeries {
    const known = this.methods.get(method);
    if (known !== undefined) return known;
    const { component } = this;
    const { clock, calls, durations } = this.metrics;
    const series = new CallSeries({
      method,
      clock,
      successes: ownCount(calls.labels({ component, method, status: 'success' })),
      failures: ownCount(calls.labels({ component, method, status: 'failure' })),
      distribution: ownDistribution(durations.labels({ component, method })),
    });
    this.methods.set(method, series);
    return series;
  }
}
