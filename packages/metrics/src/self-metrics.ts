/** The metrics that a registry exposes about itself, and its reports of what they count. */
import type { MetricError } from './errors.js';
import type { InstrumentRegistry } from './instrument-registry.js';
import type { Counter } from './instruments/counter.js';
import type { Instrument } from './instruments/instrument.js';
import { Reports } from './reports.js';
import { selfMetricTotal } from './self-metric-totals.js';

export const SERIES_DROPPED = {
  name: 'metrics_series_dropped_total',
  help: 'Values that were recorded in the __overflow__ series because their metric had reached its limit of series.',
  labelNames: ['metric'],
} as const;

export const INVALID_VALUES = {
  name: 'metrics_invalid_values_total',
  help: 'Values that were rejected: not a number, infinite or negative, or with a label that the metric does not have.',
  labelNames: ['metric'],
} as const;

/** Counts what a registry refuses or drops, and reports each kind of trouble once for each metric. */
export class SelfMetrics {
  readonly reports: Reports;
  readonly #dropped: Counter<'metric'>;
  readonly #invalid: Counter<'metric'>;

  constructor(
    private readonly registry: InstrumentRegistry,
    onError: ((error: MetricError) => void) | undefined,
  ) {
    this.reports = new Reports(onError);
    this.#dropped = registry.counter(SERIES_DROPPED);
    this.#invalid = registry.counter(INVALID_VALUES);
  }

  refused(metric: string, reason: MetricError['code'], error: () => MetricError): void {
    this.#invalid.inc({ metric });
    this.reports.once(metric, reason, error);
  }

  overflowed(metric: string, error: () => MetricError): void {
    // This metric has a limit of series too; beyond it, the error is still reported once.
    if (metric !== SERIES_DROPPED.name) this.#dropped.inc({ metric });
    this.reports.once(metric, 'TSK_ERR_METRIC_SERIES_BUDGET', error);
  }

  /** A metric of the registry as prom-client's `Registry.merge` reads it: these ones add up in a merged registry. */
  handedOut(metric: unknown): unknown {
    return metric === this.#dropped || metric === this.#invalid ? selfMetricTotal(metric as Counter<'metric'>) : metric;
  }

  /** Begins again, in a registry that has just lost every metric. */
  restart(): void {
    this.reports.clear();
    for (const own of [this.#dropped, this.#invalid]) {
      own.reset();
      this.registry.add(own as Instrument);
    }
  }
}
