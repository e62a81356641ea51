/** The error class of this package, and helpers for its errors. */
import { ApplicationError, describeReceived } from '@tsukimi/core';
import { isMetricName, MetricError } from '@tsukimi/metrics';

/** An error of the instrumentation: what happened, what was received, and how to fix it. It is thrown at start, never in a call. */
export class InstrumentationError extends ApplicationError {
  override readonly name: string = 'InstrumentationError';
}

/** A received value, and its place. */
export interface ReceivedValue {
  /** The key: `metrics.allowed_ips[1]`. */
  readonly key: string;
  readonly value: unknown;
  /** The source of the value: `application.yml`. */
  readonly source: string;
}

export const invalidOption = ({ key, value, source, allowed }: ReceivedValue & { readonly allowed: string }): InstrumentationError =>
  new InstrumentationError('TSK_ERR_INSTRUMENTATION_OPTION', `${key}: ${printed(value)} is not ${allowed} (${source}). Use ${allowed}.`);

export const misspelledOption = ({ key, source, meant }: { key: string; source: string; meant: string }): InstrumentationError =>
  new InstrumentationError('TSK_ERR_INSTRUMENTATION_OPTION', `${key} is not an option (${source}). Write ${meant}.`);

export const invalidExclude = ({ key, value, source }: ReceivedValue): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_INSTRUMENTATION_EXCLUDE',
    `${key}: ${printed(value)} is not a pattern for methods (${source}). Write Component.method, with * for any part of a name: CacheService.*, *.ping.`,
  );

interface RefusedHistogram {
  /** `metrics.histograms` */
  readonly key: string;
  readonly source: string;
}

export const invalidHistogram = ({ key, source, error }: RefusedHistogram & { readonly error: MetricError }): InstrumentationError =>
  new InstrumentationError(error.code, `${key} (${source}): ${error.message}`);

interface UnknownHistogram extends RefusedHistogram {
  readonly name: string;
  /** What another kind of metric of that name is. */
  readonly other: string | undefined;
  readonly guess: string | undefined;
  readonly known: readonly string[];
}

export const unknownHistogram = ({ key, source, name, other, guess, known }: UnknownHistogram): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_INSTRUMENTATION_HISTOGRAM',
    `${key}: ${isMetricName(name) ? name : printed(name)} is ${other === undefined ? 'not the name of a histogram' : `a ${other}, not a histogram`} (${source}). ${
      guess === undefined ? `The histograms are ${known.join(', ')}.` : `Did you mean ${guess}?`
    } A histogram of your own must be made before the application has started.`,
  );

interface RefusedLabels {
  readonly metric: string;
  /** `labels of @Timed on OrderService.create` */
  readonly source: string;
  /** What the function did: `threw TypeError`. */
  readonly what: string;
}

/** Reported through a registry, never thrown. */
export const labelsNotComputed = ({ metric, source, what }: RefusedLabels, cause: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_INSTRUMENTATION_LABELS',
    `${metric}: the function ${source} ${what}. Return a text, number or boolean for each declared label. What was recorded without its labels is counted in metrics_invalid_values_total.`,
    cause === undefined ? undefined : { cause },
  );

interface RefusedRequestLabels {
  readonly source: string;
  readonly what: string;
  readonly allowed: string;
}

export const invalidRequestLabels = ({ source, what, allowed }: RefusedRequestLabels): InstrumentationError =>
  new InstrumentationError('TSK_ERR_INSTRUMENTATION_OPTION', `requestLabels was given ${what} (${source}). Use ${allowed}.`);

export const requestLabelsMisplaced = (target: string): InstrumentationError =>
  new InstrumentationError(
    'TSK_ERR_INSTRUMENTATION_OPTION',
    `@Instrumented({ requestLabels }) is on ${target}, but applies to all requests of an application. Put it on the application class.`,
  );

/** Formats a value for a message: numbers and similar are shown, of anything else only type and size. */
export function printed(value: unknown): string {
  return describeReceived(value, { isPlain: true });
}
