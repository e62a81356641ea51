/** The rules for names of metrics and labels, checked where a metric is created. */
import { invalidLabelName, invalidMetricName } from './errors.js';

const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const SAMPLE_LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]*$/;
const RESERVED_LABELS = new Set(['le', 'quantile']);

/**
 * Refuses a name that the exposition format could not carry.
 * @throws TSK_ERR_METRIC_NAME
 * @see https://prometheus.io/docs/concepts/data_model/#metric-names-and-labels
 */
export function checkMetricName(name: unknown): asserts name is string {
  if (!isMetricName(name)) throw invalidMetricName(name);
}

/** Whether Prometheus's text format could carry a metric of that name. */
export function isMetricName(name: unknown): name is string {
  return typeof name === 'string' && METRIC_NAME.test(name);
}

/**
 * Refuses label names that the format, or Prometheus for itself, does not allow.
 * @throws TSK_ERR_METRIC_LABEL_NAME
 */
export function checkLabelNames(metric: string, names: readonly string[]): void {
  if (!Array.isArray(names)) throw invalidLabelName(metric, names);
  for (const [index, name] of names.entries()) {
    if (!isLabelName(name) || names.indexOf(name) !== index) throw invalidLabelName(metric, name);
  }
}

/** Whether a metric may have a label of that name: two underscores in front, `le` and `quantile` are Prometheus's own. */
export function isLabelName(name: unknown): boolean {
  return typeof name === 'string' && isExemplarLabelName(name) && !RESERVED_LABELS.has(name);
}

/** Whether a sample can have a label of that name: those of Prometheus's own are among them. */
export function isSampleLabelName(name: string): boolean {
  return SAMPLE_LABEL_NAME.test(name);
}

/**
 * Refuses a name that a sample of another library's metric can't carry: one such sample would cost the whole scrape.
 * @throws TypeError
 */
export function checkSample(name: unknown, labelNames: readonly string[]): void {
  if (!isMetricName(name)) throw new TypeError(`a sample has the name ${JSON.stringify(name)}`);
  for (const label of labelNames) {
    // `__name__` is the sample's name, which it has already.
    if (!isSampleLabelName(label) || label === '__name__') throw new TypeError(`a sample has the label ${JSON.stringify(label)}`);
  }
}

/** Exemplars have nothing of Prometheus's own among their labels: `le` and `quantile` are free there. */
export function isExemplarLabelName(name: string): boolean {
  return isSampleLabelName(name) && !name.startsWith('__');
}
