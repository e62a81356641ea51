/** Checks the names of metrics and labels when a metric is created. */
import { invalidLabelName, invalidMetricName } from './errors.js';

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE_LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const RESERVED_LABELS = new Set(['le', 'quantile']);

/**
 * Rejects a name that the exposition formats do not allow.
 * @throws TSK_ERR_METRIC_NAME
 * @see https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
 */
export function checkMetricName(name: unknown): asserts name is string {
  if (!isMetricName(name)) throw invalidMetricName(name);
}

/** Returns whether Prometheus's text format allows a metric with this name. */
export function isMetricName(name: unknown): name is string {
  return typeof name === 'string' && METRIC_NAME.test(name);
}

/**
 * Rejects label names that the format does not allow or that are reserved for Prometheus.
 * @throws TSK_ERR_METRIC_LABEL_NAME
 */
export function checkLabelNames(metric: string, names: readonly string[]): void {
  if (!Array.isArray(names)) throw invalidLabelName(metric, names);
  for (const [index, name] of names.entries()) {
    if (!isLabelName(name) || names.indexOf(name) !== index) throw invalidLabelName(metric, name);
  }
}

/** Returns whether a metric may have a label with this name. Names with two leading underscores, `le` and `quantile` are reserved for Prometheus. */
export function isLabelName(name: unknown): boolean {
  return typeof name === 'string' && isExemplarLabelName(name) && !RESERVED_LABELS.has(name);
}

/** Returns whether a sample can have a label with this name, including the reserved ones. */
export function isSampleLabelName(name: string): boolean {
  return SAMPLE_LABEL_NAME.test(name);
}

/**
 * Rejects invalid names in samples of other libraries' metrics, because one such sample would make Prometheus reject the whole scrape.
 * @throws TypeError
 */
export function checkSample(name: unknown, labelNames: readonly string[]): void {
  if (!isMetricName(name)) throw new TypeError(`a sample has the name ${JSON.stringify(name)}`);
  for (const label of labelNames) {
    // `__name__` is the name of the sample itself.
    if (!isSampleLabelName(label) || label === '__name__') throw new TypeError(`a sample has the label ${JSON.stringify(label)}`);
  }
}

/** Returns whether an exemplar may have a label with this name. `le` and `quantile` are not reserved in exemplars. */
export function isExemplarLabelName(name: string): boolean {
  return isSampleLabelName(name) && !name.startsWith('__');
}
