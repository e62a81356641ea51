/** The options of what sends metrics by OTLP, and their checks. */
import { LONGEST_TIMEOUT_MS } from '@tsukimi/metrics';
import { invalidOption } from '../errors.js';
import type { Environment, OtlpOptions } from '../options.js';
import type { Temporality } from './encode/family-messages.js';

/** Where metrics are sent by OTLP, and in which form. */
export interface OtlpMetricsOptions extends OtlpOptions {
  /**
   * The whole URL for metrics, to which nothing is appended. It wins over `endpoint`.
   * @default OTEL_EXPORTER_OTLP_METRICS_ENDPOINT
   */
  readonly metricsEndpoint?: string | undefined;
  /**
   * `cumulative` sends what was recorded since the start, for Prometheus and most others; `delta` what was recorded since the push before, for the
   * Datadog Agent, Dynatrace and others that want it.
   * @default OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE, or 'cumulative'
   */
  readonly temporality?: Temporality | undefined;
  /**
   * `exponential` sends the fine buckets of a histogram, with quantiles that are at most 2.2 % off; `classic` the buckets that Prometheus's text has.
   * Histograms with `native: false`, and prom-client's, are always sent with their classic ones.
   * @default OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION, or 'exponential'
   */
  readonly histograms?: HistogramForm | undefined;
}

export type HistogramForm = 'exponential' | 'classic';

/** The form in which metrics are sent. */
export interface MetricsForm {
  readonly temporality: Temporality;
  readonly histograms: HistogramForm;
}

const TEMPORALITY_VARIABLE = 'OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE';
const HISTOGRAM_VARIABLE = 'OTEL_EXPORTER_OTLP_METRICS_DEFAULT_HISTOGRAM_AGGREGATION';

/** `lowmemory` is delta where an SDK would need no memory for it, which is the same here. */
const TEMPORALITIES: Readonly<Record<string, Temporality>> = { cumulative: 'cumulative', delta: 'delta', lowmemory: 'delta' };
const FORMS: Readonly<Record<string, HistogramForm>> = {
  base2_exponential_bucket_histogram: 'exponential',
  explicit_bucket_histogram: 'classic',
};

/** @throws TSK_ERR_OPENTELEMETRY_OPTION */
export function metricsForm(
  { temporality, histograms }: Pick<OtlpMetricsOptions, 'temporality' | 'histograms'>,
  environment: Environment = process.env,
): MetricsForm {
  if (temporality !== undefined && temporality !== 'cumulative' && temporality !== 'delta')
    throw invalidOption('temporality', temporality, 'cumulative or delta');
  if (histograms !== undefined && histograms !== 'exponential' && histograms !== 'classic')
    throw invalidOption('histograms', histograms, 'exponential or classic');
  return {
    temporality: temporality ?? ofVariable(environment, TEMPORALITY_VARIABLE, TEMPORALITIES) ?? 'cumulative',
    histograms: histograms ?? ofVariable(environment, HISTOGRAM_VARIABLE, FORMS) ?? 'exponential',
  };
}

const INTERVAL_VARIABLE = 'OTEL_METRIC_EXPORT_INTERVAL';
const USUAL_INTERVAL_MS = 10_000;
const LONGEST_INTERVAL_MS = Math.floor(LONGEST_TIMEOUT_MS / 2);

/**
 * Returns the time between two pushes, in milliseconds.
 * @throws TSK_ERR_OPENTELEMETRY_OPTION
 */
export function exportIntervalMs(given: number | undefined, environment: Environment = process.env): number {
  const text = environment[INTERVAL_VARIABLE]?.trim() ?? '';
  if (given !== undefined || text === '') return given ?? USUAL_INTERVAL_MS;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > LONGEST_INTERVAL_MS)
    throw invalidOption(INTERVAL_VARIABLE, text, `a whole number of milliseconds from 1 to ${LONGEST_INTERVAL_MS}`);
  return value;
}

function ofVariable<T>(environment: Environment, name: string, values: Readonly<Record<string, T>>): T | undefined {
  const text = environment[name]?.trim().toLowerCase() ?? '';
  if (text === '') return undefined;
  if (!Object.hasOwn(values, text)) throw invalidOption(name, text, Object.keys(values).join(', '));
  return values[text];
}
