/** The metrics about exporters. */
import type { MetricsRegistry } from '../registry.js';

export const EXPORTER_UP = {
  name: 'exporter_up',
  help: 'Whether the last push of the exporter was confirmed: 1, or 0.',
  labelNames: ['exporter'],
  aggregator: 'min',
} as const;

export const EXPORTER_PUSHES = {
  name: 'exporter_pushes_total',
  help: 'Pushes of the exporter, by outcome: success, failure, timeout, or rejected, whose batch was dropped.',
  labelNames: ['exporter', 'outcome'],
} as const;

export const EXPORTER_LAST_SUCCESS = {
  name: 'exporter_last_success_timestamp_seconds',
  help: 'The time of the last confirmed push of the exporter, in seconds since 1970.',
  labelNames: ['exporter'],
  aggregator: 'max',
} as const;

export type PushOutcome = 'success' | 'failure' | 'timeout' | 'rejected';

/** The metrics about one exporter, in the registry that it exports. */
export class ExporterMetrics {
  readonly #registry: MetricsRegistry;
  readonly #exporter: string;

  /** @throws TSK_ERR_METRIC_SHAPE, TSK_ERR_METRIC_NAME_TAKEN */
  constructor(registry: MetricsRegistry, exporter: string) {
    this.#registry = registry;
    this.#exporter = exporter;
    // Here, so that other metrics of these names stop the start.
    for (const metric of [EXPORTER_UP, EXPORTER_LAST_SUCCESS]) registry.gauge(metric);
    registry.counter(EXPORTER_PUSHES);
  }

  counted(outcome: PushOutcome): void {
    this.#registry.counter(EXPORTER_PUSHES).inc({ exporter: this.#exporter, outcome });
  }

  isUp(isUp: boolean): void {
    this.#registry.gauge(EXPORTER_UP).set({ exporter: this.#exporter }, isUp ? 1 : 0);
  }

  succeeded(): void {
    this.#registry.gauge(EXPORTER_LAST_SUCCESS).setToCurrentTime({ exporter: this.#exporter });
  }
}
