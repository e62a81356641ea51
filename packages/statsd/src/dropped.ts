/** Counts what is not sent, and reports each kind once. */
import type { CounterSeries, ExporterLogger, MetricsRegistry } from '@tsukimi/metrics';
import { lineTooLong, nameTaken, type StatsdError } from './errors.js';

/** Lines that were not sent, by reason. */
export const STATSD_DROPPED = {
  name: 'statsd_dropped_total',
  help: 'Lines that were not sent to StatsD: longer than a packet (too_long), not a finite number (not_finite), or refused by the network (not_sent).',
  labelNames: ['reason'],
} as const;

export type DropReason = 'too_long' | 'not_finite' | 'not_sent';

const REASONS: readonly DropReason[] = ['too_long', 'not_finite', 'not_sent'];

/** Keeps account of lines that are not sent. */
export class Dropped {
  readonly #series: Readonly<Record<DropReason, CounterSeries>>;
  readonly #logger: ExporterLogger | undefined;
  readonly #reported = new Set<string>();

  constructor(registry: MetricsRegistry, logger: ExporterLogger | undefined) {
    const counter = registry.counter(STATSD_DROPPED);
    this.#series = Object.fromEntries(REASONS.map((reason) => [reason, counter.labels({ reason })])) as Record<DropReason, CounterSeries>;
    this.#logger = logger;
  }

  count(reason: DropReason, lines = 1): void {
    this.#series[reason].inc(lines);
  }

  tooLong(metric: string, mostBytes: number): void {
    this.count('too_long');
    this.#once('too_long', () => lineTooLong(metric, mostBytes));
  }

  nameTaken(metric: string, name: string): void {
    this.#once(`name ${metric}`, () => nameTaken(metric, name));
  }

  #once(what: string, error: () => StatsdError): void {
    if (this.#reported.has(what)) return;
    this.#reported.add(what);
    const { name, code, message } = error();
    try {
      if (this.#logger === undefined) process.emitWarning(message, { code, type: name });
      else this.#logger.warn({ exporter: 'statsd', code }, message);
    } catch {
      // A logger that fails must not stop the exporter.
    }
  }
}
