/** The error class of this package, and the errors of metrics. */
import { describe, describeList, describeValue, quote, quoteList, short } from './wording.js';

/** An error of the engine: what happened, what was received, and how to fix it. It is thrown when a metric is created, never when a value is recorded. */
export class MetricError extends Error {
  override readonly name: string = 'MetricError';
  constructor(
    /** Stable, listed in docs/reference/errors.md. */
    readonly code: `TSK_ERR_${string}`,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export const invalidMetricName = (name: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_NAME',
    `${quote(name)} is not a metric name. Use letters, digits and underscores, not starting with a digit, such as orders_created_total.`,
  );

export const invalidLabelName = (metric: string, label: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_LABEL_NAME',
    `${metric}: ${quote(label)} is not a label name. Use letters, digits and underscores, not starting with a digit or with two underscores; "le" and "quantile" are reserved by Prometheus.`,
  );

export const invalidBuckets = (metric: string, buckets: unknown, why: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_BUCKETS',
    `${metric}: buckets ${describeList(buckets)} ${why}. Pass finite upper bounds in ascending order, such as [0.1, 0.5, 1]; +Inf is added automatically.`,
  );

export const histogramMade = (metric: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_SHAPE',
    `${metric} exists with other buckets. Configure the buckets of a histogram before it is made: when you create the registry, or at the first registration or instrument() call that uses it.`,
  );

export const invalidBucketRule = (rule: string, why: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_BUCKET_RULE',
    `${short(rule)}: ${why}. Pass a start, a step and a count, such as linearBuckets(0, 5, 10) or exponentialBuckets(0.001, 2, 12).`,
  );

export const invalidQuantiles = (metric: string, quantiles: unknown, why: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_QUANTILES',
    `${metric}: quantiles ${describeList(quantiles)} ${why}. Pass different numbers from 0 to 1, such as [0.5, 0.95, 0.99].`,
  );

export const invalidWindow = (metric: string, option: 'maxAgeSeconds' | 'ageBuckets', received: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_WINDOW',
    option === 'maxAgeSeconds'
      ? `${metric}: maxAgeSeconds is ${describeValue(received)}; a number above 0 is expected, such as 600, or Infinity to keep all values.`
      : `${metric}: ageBuckets is ${describeValue(received)}; a whole number from 1 to 100 is expected, such as 5.`,
  );

export const invalidStates = (metric: string, states: unknown, why: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_STATES',
    `${metric}: states ${quoteList(states)} ${why}. Pass different texts, such as ['starting', 'running'].`,
  );

export const unknownState = (metric: string, state: unknown, states: readonly string[]): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_STATE',
    `${metric}: ${describeValue(state)} is not one of its states (${states.map(short).join(', ')}). Use one of these, or add it to states.`,
  );

export const invalidUnit = (metric: string, unit: unknown, example: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_UNIT',
    `${metric}: its name does not end with its unit, ${quote(unit)}. Put the unit at the end of the name (${example} has seconds), or omit the unit.`,
  );

export const invalidExemplar = (metric: string, why: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_EXEMPLAR',
    `${metric}: an exemplar ${why}; the value was recorded without it. Use a few short labels, such as { trace_id }. Refused exemplars are counted in metrics_invalid_values_total.`,
  );

export const invalidBudget = (option: 'maxSeriesPerMetric' | 'maxRecordedNames', budget: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_BUDGET',
    `${option} is ${describeValue(budget)}; a whole number of 1 or more is expected, such as ${option === 'maxSeriesPerMetric' ? 2000 : 1000}.`,
  );

export const nameBudgetReached = (name: string, budget: number): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_NAME_BUDGET',
    `${quote(name)} was not recorded, because recordMetric has already created ${budget} counters, its limit. Metric names must be constants: put variable parts into labels. For more counters, create them with registry.counter(...) or raise metrics.max_recorded_names. Refused values are counted in metrics_invalid_values_total.`,
  );

export const shapeConflict = (name: string, existing: string, asked: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_SHAPE',
    `${name} exists as ${existing} and was requested as ${asked}. Use the same shape everywhere, or a different name.`,
  );

export const nameTaken = (name: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_NAME_TAKEN',
    `${name} is already in this registry, as another object. Use registry.counter({ name: '${name}', ... }) or the method of another kind, which return the existing metric, or use a different name.`,
  );

export const mergeConflict = (name: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_NAME_TAKEN',
    `${name} is in two of the merged registries, as different objects. Use different names, register one metric in both, or add the values up with registry.merge(other.snapshot()).`,
  );

export const nameOverlap = (name: string, family: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_NAME_OVERLAP',
    `${name} would appear twice in a scrape: as a metric, and among the samples of ${family}. Use a different name for one of them.`,
  );

export const defaultLabelTaken = (label: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_DEFAULT_LABEL',
    `default label ${short(label)} has the name of a state set, whose samples have the state in a label of that name. Prometheus refuses a whole scrape if a label occurs twice. Use a different name for the default label or the state set.`,
  );

export const invalidContentType = (contentType: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_CONTENT_TYPE',
    `${describeValue(contentType)} is not a content type of this registry. Use PROMETHEUS_CONTENT_TYPE or OPENMETRICS_CONTENT_TYPE.`,
  );

export const contentTypesDiffer = (first: string, other: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_CONTENT_TYPE',
    `The merged registries have different content types: ${quote(first)} and ${quote(other)}. Call setContentType of each with the same one.`,
  );

export const noText = (): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_FORMAT',
    'The format protobuf is bytes, not text. Call exposeStream({ format: "protobuf" }) instead of expose().',
  );

export const invalidFormat = (format: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_FORMAT',
    `${describeValue(format)} is not a scrape format. Use "prometheus", "openmetrics" or "protobuf".`,
  );

export const invalidValue = (metric: string, value: unknown, allowed: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_VALUE',
    `${metric}: ${describeValue(value)} was not recorded: ${allowed} is expected. Refused values are counted in metrics_invalid_values_total.`,
  );

export const unreadableRecording = (metric: string, cause: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_VALUE',
    `${metric}: a property of the recorded object could not be read (${describe(cause)}); the value was not recorded. Use a plain object. Refused values are counted in metrics_invalid_values_total.`,
    { cause },
  );

export const unknownLabel = (metric: string, label: string, known: readonly string[]): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_LABEL_UNKNOWN',
    `${metric}: label ${quote(label)} is not one of its labels (${known.join(', ') || 'it has none'}); the value was not recorded. Add the label to labelNames, or remove it from the call. Refused values are counted in metrics_invalid_values_total.`,
  );

export const unreadableLabels = (metric: string, cause: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_LABEL_UNREADABLE',
    `${metric}: a label value could not be converted to text (${describe(cause)}); the value was not recorded. Use texts, numbers or booleans. Refused values are counted in metrics_invalid_values_total.`,
    { cause },
  );

export const tooManyLabels = (metric: string, most: number): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_LABEL_COUNT',
    `${metric}: more than ${most} label names; the value was not recorded. Label names must be constants: put variable parts into label values. Refused values are counted in metrics_invalid_values_total.`,
  );

export const tooManyLabelValues = (metric: string, received: number, labelNames: readonly string[]): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_LABEL_VALUES',
    `${metric}: ${received} label values were given for ${labelNames.length} labels (${labelNames.join(', ') || 'it has none'}). Pass one value for each label, in that order, or an object.`,
  );

export const seriesBudgetReached = (metric: string, budget: number): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_SERIES_BUDGET',
    `${metric} has reached its limit of ${budget} series; further label sets share the series __overflow__ and are counted in metrics_series_dropped_total. Use labels with few values, or raise metrics.max_series_per_metric.`,
  );

export const collectFailed = (metric: string, cause: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_COLLECT',
    `${metric} is missing from this scrape: reading it failed with ${describe(cause)}. Fix the collect function of the metric.`,
    {
      cause,
    },
  );

export const collectTimedOut = (metric: string, limitMs: number): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_COLLECT_TIMEOUT',
    `${metric} is missing from this scrape, because its collect function did not end within ${limitMs} ms. Until that call ends, the function is not called again and the metric stays missing. Set a timeout on what the function waits for, or raise metrics.collect_timeout_ms (collectTimeoutMs of the registry).`,
  );

export const invalidCollectTimeout = (timeoutMs: unknown, longestMs: number): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_COLLECT_LIMIT',
    `collectTimeoutMs is ${describeValue(timeoutMs)}; a whole number of milliseconds from 1 to ${longestMs} is expected, such as 5000.`,
  );

export const invalidRegisters = (metric: string, registers: unknown): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_REGISTERS',
    `${metric}: registers is ${registers === undefined ? 'missing, so nothing would expose the metric' : quoteList(registers)}. Use registry.counter({ name, help }) or the method of another kind, or pass a list of Tsukimi's or prom-client's registries: registers: [registry]. Pass an empty list if you call registry.registerMetric(metric) later.`,
  );

export const invalidOption = (metric: string, option: string, why: string): MetricError =>
  new MetricError('TSK_ERR_METRIC_OPTION', `${metric}: its option ${option} ${why}.`);

export const invalidSnapshot = (what: string): MetricError =>
  new MetricError(
    'TSK_ERR_METRIC_SNAPSHOT',
    `The snapshot can't be merged: ${what}. Pass the unchanged return value of registry.snapshot().`,
  );
