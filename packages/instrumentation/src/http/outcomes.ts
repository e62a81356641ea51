/** What records the requests of one route that have the same labels beside their status, under the names that were chosen. */
import type { Distribution, RecordOptions } from '@tsukimi/metrics';
import type { MetricNaming } from '../metric-naming.js';
import { OpenTelemetryOutcomes, type ServerDurations } from './opentelemetry-outcomes.js';
import { type HttpInstruments, OutcomeSeries } from './outcome-series.js';

/** Records requests by their status. */
export interface Outcomes {
  record(status: number, seconds: number): void;
  /** Keeps the exemplar of a request that was just recorded, unless its route has no series of its own. */
  keepExemplar(status: number, seconds: number, exemplar: RecordOptions): void;
  /** Counts a request without a response time: a stream. */
  count(status: number): void;
  /** Requests by status code; by the lowest of a class if statuses are grouped. */
  readonly statuses: readonly (readonly [number, number])[];
  readonly distributions: readonly Distribution[];
}

/** The route, and the labels that the user computes. */
export interface OutcomeLabels {
  readonly method: string;
  readonly path: string;
  readonly own: Readonly<Record<string, string>>;
}

export interface NamedInstruments extends HttpInstruments, ServerDurations {
  readonly naming: MetricNaming;
}

/** Decided when a route is wired, so that a request asks for no name. */
export function outcomesOf(labels: OutcomeLabels, instruments: NamedInstruments): Outcomes {
  const { naming } = instruments;
  if (naming === 'otel') return new OpenTelemetryOutcomes(labels, instruments);
  const { method, path, own } = labels;
  const series = new OutcomeSeries({ ...own, method, path }, instruments);
  return naming === 'tsukimi' ? series : new BothOutcomes(series, new OpenTelemetryOutcomes(labels, instruments));
}

/** What is read is read of the first. */
class BothOutcomes implements Outcomes {
  constructor(
    private readonly first: Outcomes,
    private readonly second: Outcomes,
  ) {}

  record(status: number, seconds: number): void {
    this.first.record(status, seconds);
    this.second.record(status, seconds);
  }

  keepExemplar(status: number, seconds: number, exemplar: RecordOptions): void {
    this.first.keepExemplar(status, seconds, exemplar);
    this.second.keepExemplar(status, seconds, exemplar);
  }

  count(status: number): void {
    this.first.count(status);
  }

  get statuses() {
    return this.first.statuses;
  }

  get distributions() {
    return this.first.distributions;
  }
}
