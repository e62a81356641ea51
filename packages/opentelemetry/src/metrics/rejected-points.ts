/** Counts the points that a receiver has not taken, and says why. */
import type { CounterSeries, ExporterLogger, MetricsRegistry } from '@tsukimi/metrics';
import type { PartialSuccess } from '../delivery/export-response.js';
import { pointsRejected } from '../errors.js';

/** Points that were not taken in requests that were. */
export const OTLP_REJECTED_POINTS = {
  name: 'otlp_rejected_points_total',
  help: 'Data points that the receiver of OTLP did not take in requests that it took otherwise.',
  labelNames: [],
} as const;

const LONGEST_SHOWN = 300;

export interface RejectedPointsOptions {
  readonly registry: MetricsRegistry;
  readonly logger: ExporterLogger | undefined;
  readonly target: { readonly shown: string; readonly secrets: readonly string[] };
}

/** The points of one exporter. */
export class RejectedPoints {
  readonly #series: CounterSeries;
  readonly #options: RejectedPointsOptions;
  /** Whether the last answer was complete, so that the next warning is news. */
  #wasComplete = true;

  constructor(options: RejectedPointsOptions) {
    this.#options = options;
    this.#series = options.registry.counter(OTLP_REJECTED_POINTS).labels();
  }

  add({ rejected, message }: PartialSuccess): void {
    if (rejected > 0) this.#series.inc(rejected);
    const isComplete = rejected === 0 && message === '';
    if (!isComplete && this.#wasComplete) this.#warn(rejected, message);
    this.#wasComplete = isComplete;
  }

  #warn(rejected: number, given: string): void {
    const { logger, target } = this.#options;
    const text = target.secrets.reduce((rest, secret) => rest.replaceAll(secret, '***'), given.trim().replaceAll(/\s+/g, ' '));
    const why = text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}...` : text;
    const { name, code, message } = pointsRejected({ target: target.shown, rejectedPoints: rejected, why });
    try {
      if (logger === undefined) process.emitWarning(message, { code, type: name });
      else logger.warn({ exporter: 'opentelemetry', code }, message);
    } catch {
      // A logger that fails must not stop the exporter.
    }
  }
}
