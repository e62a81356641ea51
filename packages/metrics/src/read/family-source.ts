/** Metrics that are about to be read: their label sets, and what to ask for each. */
import type { DefaultLabels } from '../exposition/default-labels.js';
import type { GuestSample } from '../exposition/guest-samples.js';
import type { FamilyShape } from '../exposition/kinds/kind.js';
import { kindOf } from '../exposition/kinds/kind-table.js';
import type { Instrument, Series } from '../instruments/instrument.js';
import type { FamilyHead, LabelRecord, MetricPoint, Unlabelled } from '../metric-family.js';
import { unitOf, withoutTotal } from '../units.js';

/** A label set to read: a series of ours, or the point of another library's metric. */
export type Item = Series | GuestPoint;

/** A point of a metric of prom-client's, which makes all of them at once. */
export interface GuestPoint {
  /** Equal for equal labels. */
  readonly key: string;
  /** Without default labels. */
  readonly labels: GuestSample['labels'];
  readonly point: Unlabelled<MetricPoint>;
  readonly mark: unknown;
}

/** The head of a family, and what is common to all its points. */
export interface FamilyKind {
  readonly head: FamilyHead;
  readonly shape: FamilyShape;
}

/** One family of a registry, of which nothing has been copied yet. */
export interface FamilySource extends FamilyKind {
  /** The metric itself, which may have several families. */
  readonly metric: object;
  /** The label sets that there are now. */
  items(): readonly Item[];
  readonly labelNames: readonly string[];
  readonly defaultLabels: DefaultLabels;
  /** Returns what identifies the label set as long as its values go on. */
  keyOf(item: Item): unknown;
  labelsOf(item: Item): LabelRecord;
  /** Returns a value that differs if the label set has changed. */
  markOf(item: Item): unknown;
  pointOf(item: Item): Unlabelled<MetricPoint>;
}

export function instrumentSource(instrument: Instrument, defaultLabels: DefaultLabels): FamilySource {
  const { name, help, labelNames } = instrument;
  const kind = kindOf(instrument);
  const unit = unitOf(withoutTotal(name), instrument.unit);
  return {
    metric: instrument,
    head: { name, help, ...(unit !== undefined && { unit }) },
    shape: kind.shape(instrument),
    // A copy: series come and go while they are read.
    items: () => [...instrument.series],
    labelNames,
    defaultLabels,
    keyOf: (series) => series,
    labelsOf: labelRecords(labelNames, defaultLabels),
    markOf: (series) => kind.mark(series as Series),
    pointOf: (series) => kind.point(series as Series, instrument),
  };
}

/** Returns a function that returns the labels of a series, with the default labels that the metric does not have itself. */
function labelRecords(labelNames: readonly string[], defaultLabels: DefaultLabels): (item: Item) => LabelRecord {
  const defaults = Object.entries(defaultLabels).filter(([name, value]) => value !== '' && !labelNames.includes(name));
  return (item) => {
    const { labelValues } = item as Series;
    const labels: Record<string, string> = {};
    for (let index = 0; index < labelNames.length; index += 1) {
      const value = labelValues[index];
      if (value !== undefined && value !== '') labels[labelNames[index] as string] = value;
    }
    for (const [name, value] of defaults) labels[name] = value;
    return labels;
  };
}
