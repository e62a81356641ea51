/** Labels that a registry adds to all its series. */
import { defaultLabelTaken } from '../errors.js';
import { StateSet } from '../instruments/state-set.js';
import { labelText } from '../label-text.js';
import { checkLabelNames } from '../names.js';
import { formatLabels } from './escape.js';

/** Labels that are added to every series that does not have a label of the same name. */
export type DefaultLabels = Readonly<Record<string, string>>;

/**
 * Returns a copy of default labels with their values as text.
 * @throws TSK_ERR_METRIC_LABEL_NAME
 */
export function checkedDefaultLabels(labels: object): DefaultLabels {
  checkLabelNames('default labels', Object.keys(labels));
  return Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, labelText(value)]));
}

/**
 * Rejects default labels that would appear twice in a sample, because a state set has a label of its own name.
 * @throws TSK_ERR_METRIC_DEFAULT_LABEL
 */
export function checkStateLabels(defaultLabels: DefaultLabels, metrics: Iterable<readonly [name: string, metric: unknown]>): void {
  for (const [name, metric] of metrics) if (metric instanceof StateSet && Object.hasOwn(defaultLabels, name)) throw defaultLabelTaken(name);
}

/** Returns the text of the default labels that a metric with these label names does not have itself. */
export function missingDefaults(labelNames: readonly string[], defaultLabels: DefaultLabels): string {
  const missing = Object.keys(defaultLabels).filter((name) => !labelNames.includes(name));
  return formatLabels(
    missing,
    missing.map((name) => defaultLabels[name] as string),
  );
}

/** Adds the missing default labels to the labels of a sample. */
export function filledUp<V>(labels: Readonly<Record<string, V>>, defaultLabels: DefaultLabels): Record<string, V | string> {
  const filled: Record<string, V | string> = { ...labels };
  for (const [name, value] of Object.entries(defaultLabels)) if (value !== '') filled[name] ??= value;
  return filled;
}
