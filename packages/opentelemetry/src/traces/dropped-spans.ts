/** Counts the spans that were not sent, by the reason. */
import type { MetricsRegistry } from '@tsukimi/metrics';

export const EXPORTER_DROPPED_SPANS = {
  name: 'exporter_dropped_spans_total',
  help: 'Spans that were not sent: the queue was full (queue_full), the receiver refused them (rejected), or the process ended (stopped).',
  labelNames: ['exporter', 'reason'],
} as const;

export type DropReason = 'queue_full' | 'rejected' | 'stopped';

/** The dropped spans of one exporter. */
export class DroppedSpans {
  readonly #exporter: string;
  #registry: MetricsRegistry | undefined;
  /** What was dropped before there was a registry. */
  readonly #early = new Map<DropReason, number>();

  constructor(exporter: string) {
    this.#exporter = exporter;
  }

  /** Counts in a registry from now on. The series exist at once, so that `rate()` sees the first drop. */
  countIn(registry: MetricsRegistry): void {
    const counter = registry.counter(EXPORTER_DROPPED_SPANS);
    for (const reason of ['queue_full', 'rejected', 'stopped'] as const)
      counter.labels({ exporter: this.#exporter, reason }).inc(this.#early.get(reason) ?? 0);
    this.#registry = registry;
  }

  add(reason: DropReason, count: number): void {
    if (this.#registry === undefined) this.#early.set(reason, (this.#early.get(reason) ?? 0) + count);
    else this.#registry.counter(EXPORTER_DROPPED_SPANS).inc({ exporter: this.#exporter, reason }, count);
  }
}
