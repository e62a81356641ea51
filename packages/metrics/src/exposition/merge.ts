/** Merges the state of one registry into another. */
import { Instrument } from '../instruments/instrument.js';
import { isOverflow, OVERFLOW_LABEL_VALUE } from '../label-sets.js';
import type { InstrumentFactory, Merge, MetricState } from './kinds/kind.js';
import { kindOf } from './kinds/kind-table.js';
import type { RegistrySnapshot } from './snapshot.js';

/**
 * Merges a snapshot. All instruments are created before the first value is added, so that nothing is added if a shape does not match.
 * @throws TSK_ERR_METRIC_SHAPE, and the errors of creating a metric
 */
export function mergeSnapshot(factory: InstrumentFactory, snapshot: RegistrySnapshot): void {
  const merges = snapshot.metrics.map((metric) => mergeOf(factory, metric));
  for (const merge of merges) if (merge !== undefined) kindOf(merge.metric).add(merge);
}

function mergeOf(factory: InstrumentFactory, metric: MetricState): Merge<Instrument, MetricState> | undefined {
  const existing: unknown = factory.getSingleMetric(metric.name);
  const labelNames = existing instanceof Instrument ? inOrderOf(existing.labelNames, metric.labelNames) : metric.labelNames;
  const instrument = kindOf(metric).instrumentFor(factory, { ...metric, labelNames });
  if (instrument === undefined) return undefined;
  return { metric, instrument, isNew: existing === undefined, valuesOf: valuesInOrder(instrument, metric) };
}

/** Orders names like `order` if they are the same names, because a merge matches labels by name. */
function inOrderOf(order: readonly string[], names: readonly string[]): readonly string[] {
  return names.length === order.length && order.every((name) => names.includes(name)) ? order : names;
}

/** Orders the label values of a snapshot like those of the instrument. */
function valuesInOrder(instrument: Instrument, { labelNames }: MetricState): (labels: readonly string[]) => string[] {
  const order = instrument.labelNames.map((name) => labelNames.indexOf(name));
  return (labels) => order.map((index) => (isOverflow(labels) ? OVERFLOW_LABEL_VALUE : (labels[index] ?? '')));
}
