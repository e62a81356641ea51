/** Labels that a registry puts on everything it exposes. */
import { defaultLabelTaken } from '../errors.js';
import { StateSet } from '../instruments/state-set.js';
import { labelText } from '../label-text.js';
import { checkLabelNames } from '../names.js';
import { formatLabels } from './escape.js';

/** Labels that every series carries unless it has one of the same name. */
export type DefaultLabels = Readonly<Record<string, string>>;

/**
 * A copy of default labels, their values as text.
 * @throws TSK_ERR_METRIC_LABEL_NAME
 */
export function checkedDefaultLabels(labels: object): DefaultLabels {
  checkLabelNames('default labels', Object.keys(labels));
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, labelText(value)]));
}

/**
 * Refuses default labels that would stand twice in a sample: a state set has its state in a label of its own name.
 * @throws TSK_ERR_METRIC_DEFAULT_LABEL
 */
export function checkStateLabels(defaultLabels: DefaultLabels, metrics: Iterable<readonly [name: string, metric: unknown]>): void {
  for (const [name, metric] of metrics) if (metric instanceof StateSet && Object.hasOwn(defaultLabels, name)) throw defaultLabelTaken(name);
}

/** The default labels, in text, that a metric with these label names does not have itself. */
export function missingDefaults(labelNames: readonly string[], defaultLabels: DefaultLabels): string {
  const missing = Object.keys(defaultLabels).filter((name) => !labelNames.includes(name));
  return formatLabels(
    missing,
    missing.map((name) => defaultLabels[name] as string),
  );
}

/** The labels of a sample as an object, the missing ones filled up. */
export function filledUp<V>(labels: Readonly<Record<string, V>>, defaultLabels: DefaultLabels): Record<string, V | string> {
  const filled: Record<string, V | string> = { ...labels };
  for (const [name, value] of Object.entries(defaultLabels)) if (value !== '') filled[name] ??= value;
  return filled;
}
