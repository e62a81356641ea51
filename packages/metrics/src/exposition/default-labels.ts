/** Labels that a registry puts on everything it exposes. */
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
