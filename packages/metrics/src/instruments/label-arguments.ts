/** Reads the labels that a caller gives: an object, or one value for each label name. */
import { MetricError, tooManyLabelValues, unknownLabel, unreadableLabels } from '../errors.js';
import type { LabelValue } from '../label-types.js';

/** What the labels belong to. */
interface Labelled {
  readonly name: string;
  readonly labelNames: readonly string[];
}

/**
 * The values of `labels(...)` in the order of the label names; those that an object lacks are empty.
 * @throws TSK_ERR_METRIC_LABEL_VALUES, TSK_ERR_METRIC_LABEL_UNKNOWN
 */
export function valuesOf({ name, labelNames }: Labelled, given: readonly unknown[]): LabelValue[] {
  const [first] = given;
  if (typeof first === 'object' && first !== null) {
    const labels = first as Readonly<Record<string, LabelValue>>;
    const unknown = Object.keys(labels).find((label) => !labelNames.includes(label));
    if (unknown !== undefined) throw unknownLabel(name, unknown, labelNames);
    return labelNames.map((label) => labels[label] ?? '');
  }
  if (given.length === 1 && labelNames.length === 0 && (first === undefined || first === null)) return [];
  if (given.length !== labelNames.length) throw tooManyLabelValues(name, given.length, labelNames);
  return given as LabelValue[];
}

/**
 * Runs code that reads labels of the caller's: a getter, a proxy or a `toString` may throw anything.
 * @throws TSK_ERR_METRIC_LABEL_UNREADABLE in its place
 */
export function readingLabels<T>({ name }: Labelled, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    throw cause instanceof MetricError ? cause : unreadableLabels(name, cause);
  }
}
