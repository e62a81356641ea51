/** Checks a snapshot before it is merged. */
import { invalidSnapshot } from '../errors.js';
import type { MetricState, Unchecked } from './kinds/kind.js';
import { isKind, kindOf } from './kinds/kind-table.js';
import { isText, listOr, objectOr } from './kinds/snapshot-values.js';
import type { RegistrySnapshot } from './snapshot.js';

/**
 * Rejects values that are not a valid snapshot.
 * @throws TSK_ERR_METRIC_SNAPSHOT
 */
export function checkSnapshot(snapshot: unknown): asserts snapshot is RegistrySnapshot {
  const { version, metrics } = objectOr(snapshot, 'it is not an object') as Unchecked<RegistrySnapshot>;
  if (version !== 1) throw invalidSnapshot('it is not of version 1');
  for (const metric of listOr(metrics, 'it has no list of metrics')) checkMetric(objectOr(metric, 'a metric is not an object'));
}

function checkMetric(metric: Unchecked<MetricState>): void {
  const { name, help, type, labelNames } = metric;
  if (!isText(name)) throw invalidSnapshot('a metric has no name');
  if (!isText(help)) throw invalidSnapshot(`the help of ${name} is not a text`);
  const names = listOr(labelNames, `${name} has no list of label names`);
  if (!isKind(type)) throw invalidSnapshot(`${name} is of an unknown kind`);
  const isSound = kindOf({ type }).check(name, metric);
  for (const series of listOr(metric.series, `${name} has no list of series`)) {
    const state = objectOr(series, `a series of ${name} is not an object`) as Unchecked<MetricState['series'][number]>;
    const hasLabels = Array.isArray(state.labels) && state.labels.length === names.length && state.labels.every(isText);
    if (!hasLabels) throw invalidSnapshot(`a series of ${name} does not have one text for each label`);
    if (!isSound(state)) throw invalidSnapshot(`a series of ${name} has values that are invalid for a ${type}`);
  }
}
