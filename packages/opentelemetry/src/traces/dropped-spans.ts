/** Counts the spans that were not sent, by the reason. */
import type { CounterSeries, MetricsRegistry } from '@tsukimi/metrics';

export const EXPORTER_DROPPED_SPANS = {
  name: 'exporter_dropped_spans_total',
  help: 'Spans of which nobody confirmed that they arrived: the queue was full (queue_full), the receiver refused them (rejected), or the process ended (stopped).',
  labelNames: ['exporter', 'reason'],
} as const;

export type DropReason = 'queue_full' | 'rejected' | 'stopped';

const REASONS: readonly DropReason[] = ['queue_full', 'rejected', 'stopped'];

/** The dropped spans of one exporter. */
export class DroppedSpans {
  readonly #exporter: string;
  /** One for each reason, resolved once: a full queue drops as fast as spans end. */
  readonly #series = new Map<DropReason, Pick<CounterSeries, 'inc'>>();
  /** What was dropped before there was a registry. */
  readonly #early = new Map<DropReason, number>();

  constructor(exporter: string) {
    this.#exporter = exporter;
  }

  /** Counts in a registry from now on. The series exist at once, so that `rate()` sees the first drop. */
  countIn(registry: MetricsRegistry): void {
    const counter = registry.counter(EXPORTER_DROPPED_SPANS);
    for (const reason of REASONS) {
      const series = counter.labels({ exporter: this.#exporter, reason });
      series.inc(this.#early.get(reason) ?? 0);
      this.#series.set(reason, series);
    }
  }

  add(reason: DropReason, count: number): void {
    const series = this.#series.get(reason);
    if (series === undefined) this.#early.set(reason, (this.#early.get(reason) ?? 0) + count);
    else series.inc(count);
  }
}
